"""Groups of changes: each is of one model and one kind of change, and no record is in it twice."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Model

from imports_app.storage.images import Image, records_of, values_of
from imports_app.storage.states import States, Values


class Action(StrEnum):
    """What became of a record."""

    CREATED = "created"
    UPDATED = "updated"
    DESTROYED = "destroyed"
    TAGGED = "tagged"  # its tags or other targets changed; before and after are their ids


@dataclass(slots=True)
class Group:
    """Changes of one kind to records of one model; a place in each list is a record's.

    Attributes:
        model: the model's label.
        indexes: those of the rows that brought them; None for cleanup.
        keys: the records' natural keys.
        pks: the records' ids, as text.
        before: their images, none for created ones.
        after: their images, none for destroyed ones.
        attribute: of TAGGED ones, which targets changed.
        old, new: the same in columns, where a writer took them.
        uuids: the ids side by side instead, in a group that was not packed yet.
        has_uuids: whether they were such; packed, they are among the touched ones.
    """

    model: str
    action: Action
    indexes: list[int | None] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    pks: list[str] = field(default_factory=list)
    before: list[Any] = field(default_factory=list)
    after: list[Any] = field(default_factory=list)
    attribute: str = "tags"
    old: States | None = None
    new: States | None = None
    uuids: bytes = b""
    has_uuids: bool = False

    def __len__(self) -> int:
        return len(self.indexes)

    @property
    def model_class(self) -> type[Model]:
        """The model itself. Raises LookupError if it is gone."""
        return apps.get_model(self.model)

    def add(
        self,
        index: int | None,
        key: str | None,
        pk: Any,
        before: Image | list[str] | None,
        after: Image | list[str] | None,
    ) -> None:
        """Add a record with its images."""
        self.indexes.append(index)
        self.keys.append(key)
        self.pks.append(str(pk))
        self.before.append(before)
        self.after.append(after)

    def states(self, places: Sequence[int]) -> tuple[list[Values], list[Values]]:
        """Return the records at these places before and after: what is known of them, {} of one
        that was not there.

        Two queries on PostgreSQL. Raises django.db.Error, or ValueError, if the table has other
        columns by now.
        """
        model = self.model_class
        return (
            self.old.at(model, places) if self.old else _values(model, self.before, places),
            self.new.at(model, places) if self.new else _values(model, self.after, places),
        )


def _values(model: type[Model], images: Sequence[Any], places: Sequence[int]) -> list[Values]:
    found = [images[place] if images else None for place in places]
    records = iter(records_of(model, [image for image in found if image is not None]))
    return [{} if image is None else values_of(next(records)) for image in found]


def group_of(model: type[Model], action: Action) -> Group:
    """Return an empty group."""
    return Group(model._meta.label, action)


def group_in_columns(
    model: type[Model], action: Action, indexes: Sequence[int], ids: Sequence[Any]
) -> Group:
    """Return a group of these records, which gets its states in columns, and its keys.

    UUIDs may be given as their bytes.
    """
    group = Group(model._meta.label, action, [*indexes])
    if isinstance(model._meta.pk, models.UUIDField):
        texts = (pk if type(pk) is bytes else pk.bytes for pk in ids)
        group.uuids, group.has_uuids = b"".join(texts), True
    else:
        group.pks = [*map(str, ids)]
    return group
