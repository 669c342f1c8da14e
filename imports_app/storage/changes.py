"""What an import changed: kept a transaction at a time, packed, and read again.

A transaction's changes are groups, in the order in which they were written; a group is of one
model and one kind of change, and no record is in it twice.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from django.apps import apps
from django.db import connection, models
from django.db.models import F, Func, Model, Value

from imports_app.models import Import, KeptChanges, zstd
from imports_app.models.keyset import in_pages
from imports_app.registry import importers
from imports_app.secrecy.hidden import has_secrets
from imports_app.storage.images import Image
from imports_app.storage.inserting import insert
from imports_app.storage.seal import Seal

COLUMNS = (
    "bulk_import_id",
    "number",
    "created",
    "updated",
    "destroyed",
    "is_sealed",
    "touched",
    "content",
)
AT_A_TIME = 4

Kept = tuple[Any, ...]  # the values of COLUMNS


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
        keys: what people know the records by.
        pks: the records' ids, as text.
        before: their images, none for created ones.
        after: their images, none for destroyed ones.
        attribute: of TAGGED ones, which targets changed.
    """

    model: str
    action: Action
    indexes: list[int | None] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    pks: list[str] = field(default_factory=list)
    before: list[Any] = field(default_factory=list)
    after: list[Any] = field(default_factory=list)
    attribute: str = "tags"

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
        """Add a record."""
        self.indexes.append(index)
        self.keys.append(key)
        self.pks.append(str(pk))
        self.before.append(before)
        self.after.append(after)


def group_of(model: type[Model], action: Action, attribute: str = "tags") -> Group:
    """Return an empty group."""
    return Group(model._meta.label, action, attribute=attribute)


_encode = msgspec.msgpack.Encoder(enc_hook=str).encode
_decode = msgspec.msgpack.Decoder(list[Group]).decode


def packed(import_id: UUID, number: int, groups: Sequence[Group]) -> Kept:
    """Return what is stored of the changes of a transaction."""
    content = zstd.packed(_encode(groups))
    is_sealed = any(_is_secret(group.model_class) for group in groups)
    if is_sealed:
        content = Seal(import_id).close(number, content)
    counted = {
        action: sum(len(group.pks) for group in groups if group.action is action)
        for action in Action
    }
    updated = counted[Action.UPDATED] + counted[Action.TAGGED]
    touched = b"".join(mark(group.model_class, pk) for group in groups for pk in group.pks)
    counts = counted[Action.CREATED], updated, counted[Action.DESTROYED]
    return (import_id, number, *counts, is_sealed, touched, content)


def store(kept: Sequence[Kept]) -> None:
    """Store what was packed; called in the transaction that made the changes."""
    insert(KeptChanges, COLUMNS, kept)


def mark(model: type[Model], pk: str) -> bytes:
    """Return what an id looks like among the touched ones. No other record's looks like it."""
    if isinstance(model._meta.pk, models.UUIDField):
        return UUID(pk).bytes
    return b"\0%b/%b\0" % (model._meta.label.encode(), pk.encode())


def touching(model: type[Model], pk: str) -> Any:
    """Return where the record's id begins among those that KeptChanges touched, 0 for nowhere."""
    wanted = Value(mark(model, pk), output_field=models.BinaryField())
    number = models.IntegerField()
    if connection.vendor != "postgresql":
        return Func(F("touched"), wanted, function="instr", output_field=number)
    template = "position(%(expressions)s)"
    return Func(wanted, F("touched"), template=template, arg_joiner=" in ", output_field=number)


def transactions(import_: Import, *, skip: Collection[int] = ()) -> Iterator[list[Group]]:
    """Yield the groups of each transaction in order, without those of the numbers to skip."""
    kept = import_.kept_changes.exclude(number__in=skip)
    for row in in_pages(kept, "number", AT_A_TIME):
        yield opened(row)


def opened(row: KeptChanges) -> list[Group]:
    """Return the groups of a transaction. Raises SealBroken."""
    content = bytes(row.content)
    if row.is_sealed:
        content = Seal(row.bulk_import_id).open(row.number, content)
    return _decode(zstd.unpacked(content))


def count(import_: Import) -> int:
    """Return how many changes of records are kept of the import."""
    return _counted(import_.kept_changes.all())


def _counted(rows: models.QuerySet[KeptChanges]) -> int:
    total = F("created") + F("updated") + F("destroyed")
    return rows.aggregate(total=models.Sum(total))["total"] or 0


def _is_secret(model: type[Model]) -> bool:
    importer = importers.for_model(model)
    return importer is not None and has_secrets(importer)


def drop(import_ids: Iterable[UUID]) -> int:
    """Delete the changes of these imports; return how many records they were about."""
    rows = KeptChanges.objects.filter(bulk_import__in=import_ids)
    counted = _counted(rows)
    rows.delete()
    return counted
