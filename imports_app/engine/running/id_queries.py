"""Queries of many records by their ids, of which there may be millions."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Aggregate, BinaryField, QuerySet, UUIDField
from django.db.models.lookups import In

from imports_app.database import connection
from imports_app.engine.types import compact, compact_ids, expand

PAGE = 10_000  # ids of 16 bytes


class Packed(Aggregate):
    """UUIDs as their bytes, one behind the other, so that no object is made of each."""

    template = "string_agg(uuid_send(%(expressions)s), '')"
    output_field = BinaryField()


def scan(records: QuerySet[Any], *, backwards: bool) -> Iterator[Any]:
    """Yield the records' ids, compact, in ascending or descending order."""
    records = records.order_by("-pk" if backwards else "pk")
    if connection.vendor != "postgresql" or not isinstance(records.model._meta.pk, UUIDField):
        yield from map(compact, records.values_list("pk", flat=True).iterator())
        return
    behind = "pk__lt" if backwards else "pk__gt"
    page = records
    while packed := page[:PAGE].aggregate(ids=Packed("pk"))["ids"]:
        ids = compact_ids(bytes(packed))
        yield from ids
        page = records.filter(**{behind: expand(ids[-1])})


class Among(In):
    """That an expression has one of the values, given to PostgreSQL as a single array.

    A parameter for each costs the client and the server several times as much.
    """

    prepare_rhs = False  # they are ids as records have them

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """See Django."""
        left, parameters = self.process_lhs(compiler, connection)
        field: Any = self.lhs.output_field
        if isinstance(getattr(field, "target_field", field), UUIDField):
            # The driver would make a text of each by itself, and look at all of them for a type.
            ids = ",".join(pk.hex for pk in self.rhs)
            return f"{left} = ANY(%s::uuid[])", [*parameters, f"{{{ids}}}"]
        values = [field.get_db_prep_value(value, connection) for value in self.rhs]
        return f"{left} = ANY(%s)", [*parameters, values]
