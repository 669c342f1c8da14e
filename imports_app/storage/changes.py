"""Store and read the changes of an import, packed, for each transaction.

A transaction's changes are groups (groups.py), in the order in which they were written.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db import models
from django.db.models import F, Func, Model, Value

from imports_app.database import connection
from imports_app.models import Import, KeptChanges, zstd
from imports_app.models.keyset import in_pages
from imports_app.registry import importers
from imports_app.secrecy.hidden import has_secrets
from imports_app.storage.bulk_insert import insert
from imports_app.storage.groups import Action, Group
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
HEX_DIGITS = 32  # of a UUID

Kept = tuple[Any, ...]  # the values of COLUMNS


_encode = msgspec.msgpack.Encoder(enc_hook=str).encode
_decode = msgspec.msgpack.Decoder(list[Group]).decode


def packed(import_id: UUID, number: int, groups: Sequence[Group]) -> Kept:
    """Return the changes of a transaction in the form in which they are stored."""
    touched = b"".join(map(_marks, groups))
    for group in groups:
        group.uuids = b""
    content = zstd.packed(_encode(groups))
    is_sealed = any(_is_secret(group.model_class) for group in groups)
    if is_sealed:
        content = Seal(import_id).close(number, content)
    counted = {
        action: sum(len(group) for group in groups if group.action is action) for action in Action
    }
    updated = counted[Action.UPDATED] + counted[Action.TAGGED]
    counts = counted[Action.CREATED], updated, counted[Action.DESTROYED]
    return (import_id, number, *counts, is_sealed, touched, content)


def _marks(group: Group) -> bytes:
    if group.has_uuids:
        return group.uuids
    model = group.model_class
    return b"".join(mark(model, pk) for pk in group.pks)


def store(kept: Sequence[Kept]) -> None:
    """Store packed changes; called in the transaction that made them."""
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
    groups = _decode(zstd.unpacked(content))
    touched, start = bytes(row.touched).hex(), 0
    for group in groups:
        if group.has_uuids:
            end = start + HEX_DIGITS * len(group)
            group.pks = [
                _uuid(touched[at : at + HEX_DIGITS]) for at in range(start, end, HEX_DIGITS)
            ]
        else:
            end = start + 2 * len(_marks(group))
        start = end
    return groups


def _uuid(digits: str) -> str:
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def destroys(import_: Import) -> bool:
    """Return whether an undo of the import would destroy records."""
    return import_.kept_changes.filter(created__gt=0).exists()


def count(import_: Import) -> int:
    """Return the number of the import's kept changes."""
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
