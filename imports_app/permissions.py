"""Check what users may do with records: Django's permissions of the models, and one for live data.

They are checked for users only, by the API and on staff pages; programs have scopes instead.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth import get_permission_codename
from django.db.models import Model

from imports_app.conf import conf
from imports_app.exceptions import NotPermitted
from imports_app.importer import Importer
from imports_app.models import IfExists, IfMissing, Import, Mode
from imports_app.registry import importers

LIVE = "imports_app.use_live_data"
APPROVE = "imports_app.approve_import"
ADD, CHANGE, DELETE, VIEW = "add", "change", "delete", "view"


def permission(action: str, model: type[Model]) -> str:
    """Return the name of Django's permission to do that to records of the model."""
    return f"{model._meta.app_label}.{get_permission_codename(action, model._meta)}"


def may_view(user: Any, importer: Importer) -> bool:
    """Return whether the user may look at the type's records; None is no user, and may."""
    return user is None or user.has_perm(permission(VIEW, importer.model))


def may_import(user: Any, importer: Importer) -> bool:
    """Return whether the user may import the type at all; None is no user, and may."""
    wanted = (permission(action, importer.model) for action in (ADD, CHANGE))
    return user is None or any(user.has_perm(each) for each in wanted)


def check_view(user: Any, importer: Importer) -> None:
    """Raise NotPermitted unless the user may look at the type's records."""
    _require(user, [permission(VIEW, importer.model)])


def check_touch(user: Any, import_: Import) -> None:
    """Raise NotPermitted unless the user may stop, label or delete the import."""
    importer = importers.get(import_.resource_type)
    check_live(user, import_.mode)
    if not may_import(user, importer):
        _require(user, [permission(CHANGE, importer.model)])


def check_import(import_: Import) -> None:
    """Raise NotPermitted unless the user may do to records what the import would do.

    With only one of the permissions to add and to change, what the other is for has to be skipped
    or to fail. What rows bring along has no such choice: it needs both.
    """
    user = import_.created_by
    if user is None:
        return
    check_live(user, import_.mode)
    importer = importers.get(import_.resource_type)
    _require(user, _of_rows(import_, importer), _remedy(user, importer))
    if not may_import(user, importer):
        _require(user, [permission(CHANGE, importer.model)])
    if import_.cleanup_records:
        children = importers.children_of(importer)
        models = dict.fromkeys([importer.model, *(child.model for child in children)])
        _require(user, [permission(DELETE, model) for model in models])


def check_undo(first: Import, user: Any, *, destroys: bool) -> None:
    """Raise NotPermitted unless the user may do to records what the undo would do."""
    if user is None:
        return
    check_live(user, first.mode)
    importer = importers.get(first.resource_type)
    actions = {
        CHANGE: first.updated_count > 0,
        ADD: first.destroyed_count > 0,
        DELETE: destroys,
    }
    _require(
        user,
        [
            permission(action, model)
            for action, is_done in actions.items()
            if is_done
            for model in {importer.model, *_brought(importer)}
        ],
    )


def check_live(user: Any, mode: str) -> None:
    """Raise NotPermitted if that is live data, in a project with modes, and the user may not."""
    if conf.modes and mode == Mode.LIVE:
        _require(user, [LIVE])


def check_approve(user: Any) -> None:
    """Raise NotPermitted unless the user may approve imports, which are of live data."""
    _require(user, [APPROVE])
    check_live(user, Mode.LIVE)


def may_approve(user: Any) -> bool:
    """Return whether the user may."""
    try:
        check_approve(user)
    except NotPermitted:
        return False
    return True


def _of_rows(import_: Import, importer: Importer) -> Iterator[str]:
    if import_.if_missing == IfMissing.CREATE:
        yield permission(ADD, importer.model)
    if import_.if_exists == IfExists.UPDATE:
        yield permission(CHANGE, importer.model)
    for model in _brought(importer):
        yield permission(ADD, model)
        yield permission(CHANGE, model)
    yield from (permission(ADD, model) for model in _made(importer))


def _brought(importer: Importer) -> Iterator[type[Model]]:
    """Yield the models of children, and of targets that a row gives as objects, at any depth."""
    yield from (each.to for each in importer.relations.values() if each.inline_among)
    for child in importers.children_of(importer):
        yield child.model
        yield from _brought(child)


def _made(importer: Importer) -> Iterator[type[Model]]:
    """Yield the models of targets and tags of which a missing one is made, at any depth."""
    relations = (*importer.relations.values(), *importer.many.values())
    yield from (each.to for each in relations if each.makes)
    if importer.tags:
        field: Any = importer.model._meta.get_field(importer.tags)
        yield field.related_model
    for child in importers.children_of(importer):
        yield from _made(child)


def _remedy(user: Any, importer: Importer) -> str:
    """Return what a user can ask for who has one of the two permissions."""
    if not user.has_perm(permission(ADD, importer.model)):
        option, other = "if_missing", CHANGE
    else:
        option, other = "if_exists", ADD
    if not user.has_perm(permission(other, importer.model)):
        return ""
    return f"Without it, {option} has to be skip or fail."


def _require(user: Any, permissions: Iterable[str], remedy: str = "") -> None:
    missing = [] if user is None else [each for each in permissions if not user.has_perm(each)]
    if missing:
        raise NotPermitted(list(dict.fromkeys(missing)), remedy)
