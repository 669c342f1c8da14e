"""The changes of a group that are taken back."""

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any

from django.db.models import Model

from imports_app.engine.types import Schema, schema_for
from imports_app.registry import importers
from imports_app.storage.groups import Action, Group
from imports_app.storage.states import Values


class Changes:
    """A group's changes by the ids of its records."""

    def __init__(self, model: type[Model], group: Group) -> None:
        self.pks = [model._meta.pk.to_python(pk) for pk in group.pks]
        self.indexes = dict(zip(self.pks, group.indexes, strict=True))
        self.keys = dict(zip(self.pks, group.keys, strict=True))
        self._group = group

    @cached_property
    def before(self) -> dict[Any, Any]:
        """The images, or the tags, of before."""
        return dict(zip(self.pks, self._group.before, strict=True))

    @cached_property
    def after(self) -> dict[Any, Any]:
        """The images, or the tags, of after."""
        return dict(zip(self.pks, self._group.after, strict=True))

    def states(self) -> tuple[dict[Any, Values], dict[Any, Values]]:
        """Return what is known of the records before and after."""
        before, after = self._group.states(range(len(self.pks)))
        return dict(zip(self.pks, before, strict=True)), dict(zip(self.pks, after, strict=True))


def schema_of(model: type[Model]) -> Schema | None:
    """Return the schema of the model's importer, if it has one."""
    importer = importers.for_model(model)
    return schema_for(importer) if importer else None


def without(group: Group, places: Collection[int]) -> Group:
    """Return the group without the records at these places."""
    if len(places) in (0, len(group)):
        return Group(group.model, group.action) if places else group
    left = {*range(len(group))}.difference(places)
    return _part(group, sorted(left))


def restored(group: Group, places: Sequence[int]) -> Group:
    """Return the change that put back the group's records at these places."""
    part = group if len(places) == len(group) else _part(group, places)
    back = Group(group.model, Action.UPDATED, part.indexes, part.keys, part.pks)
    if group.has_uuids:
        back.uuids, back.has_uuids = bytes.fromhex("".join(part.pks).replace("-", "")), True
        back.pks = []
    back.old, back.new = part.new, part.old
    return back


def _part(group: Group, places: Sequence[int]) -> Group:
    def some(column: Sequence[Any]) -> list[Any]:
        return [column[place] for place in places] if column else []

    part = Group(group.model, group.action, some(group.indexes), some(group.keys), some(group.pks))
    part.before, part.after, part.attribute = some(group.before), some(group.after), group.attribute
    part.old = group.old and group.old.part(places)
    part.new = group.new and group.new.part(places)
    return part
