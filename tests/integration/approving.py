"""Users, checks and imports where some need the approval of a second person."""

from typing import Any

from django.contrib.auth.models import Permission, User
from django.db.models import Q

from imports_app.models import Import, Mode
from tests.factories.imports import ImportFactory
from tests.running import run_to_end

STAFF = ("run_import", "cleanup_import", "view_import", "use_live_data")
APPROVER = ("approve_import", "view_import", "use_live_data")


def user_with(name: str, *codenames: str) -> User:
    """One of the staff with these permissions, and all those of the models."""
    user = User.objects.create_user(name, is_staff=True)
    of_models = Q(content_type__app_label="commerce")
    user.user_permissions.set(Permission.objects.filter(of_models | Q(codename__in=codenames)))
    return user


def checked(rows: Any, **attributes: Any) -> Import:
    """A dry run of these rows on live data, gone through."""
    return done(rows, dry_run=True, **attributes)


def done(rows: Any, **attributes: Any) -> Import:
    """An import of these rows on live data, gone through."""
    attributes = {"mode": Mode.LIVE, "skip_errors": True, **attributes}
    return run_to_end(ImportFactory.create(client=None, rows=rows, **attributes))
