"""Asking for many records by their ids."""

from typing import Any

from django.db.models import UUIDField
from django.db.models.lookups import In


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
