"""Queries of the ids of many records, of which there may be millions."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Aggregate, BinaryField, CharField, QuerySet, UUIDField
from django.db.models.functions import Cast

from imports_app.database import connection
from imports_app.engine.types import compact, compact_ids, expand

PAGE = 10_000  # ids of 16 bytes
AS_TEXT = Cast("pk", CharField())  # SQLite's form of UUIDs: no object is made of each


class Packed(Aggregate):
    """UUIDs as their bytes, one behind the other, so that no object is made of each."""

    template = "string_agg(uuid_send(%(expressions)s), '')"
    output_field = BinaryField()


def scan(records: QuerySet[Any], *, backwards: bool) -> Iterator[Any]:
    """Yield the records' ids, compact, in ascending or descending order."""
    records = records.order_by("-pk" if backwards else "pk")
    are_uuids = isinstance(records.model._meta.pk, UUIDField)
    if are_uuids and connection.vendor == "sqlite":
        yield from map(bytes.fromhex, records.values_list(AS_TEXT, flat=True).iterator())
        return
    if not are_uuids or connection.vendor != "postgresql":
        yield from map(compact, records.values_list("pk", flat=True).iterator())
        return
    behind = "pk__lt" if backwards else "pk__gt"
    page = records
    while packed := page[:PAGE].aggregate(ids=Packed("pk"))["ids"]:
        ids = compact_ids(bytes(packed))
        yield from ids
        page = records.filter(**{behind: expand(ids[-1])})
