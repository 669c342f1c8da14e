"""Staff with just the permissions that a test names."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from django.db.models import Q
from django.test import Client

StaffWith = Callable[..., Client]


@pytest.fixture
def staff_with(db: None) -> StaffWith:
    """Makes a browser in which somebody with these permissions of the app is logged in.

    The permissions of the models are there already, unless `records` says that they aren't.
    """

    def log_in(*codenames: str, records: bool = True) -> Client:
        user = User.objects.create_user("helpdesk", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        assert user.user_permissions.count() == len(codenames)
        if records and "run_import" in codenames:
            of_models = Q(content_type__app_label="commerce") | Q(codename="use_live_data")
            user.user_permissions.add(*Permission.objects.filter(of_models))
        client = Client()
        client.force_login(user)
        return client

    return log_in
