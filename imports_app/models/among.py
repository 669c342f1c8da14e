"""Asking for many records by their ids."""

import json
from typing import Any

from django.db.models import UUIDField
from django.db.models.lookups import In

ONE_OF = "{left} IN (SELECT value FROM json_each(%s))"
IN_JSON = {str, int}  # the types of which JSON hands values over as the driver does


class Among(In):
    """That an expression has one of the values, given to PostgreSQL as a single array, and to
    SQLite as one of JSON.

    A parameter for each costs the client and the server several times as much.
    """

    def get_prep_lookup(self) -> Any:
        """Return the values as they are: ids as records have them. Django would look at each."""
        return self.rhs

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """See Django."""
        left, parameters = self.process_lhs(compiler, connection)
        values = self._values(connection)
        if self._are_uuids:
            # The driver would make a text of each by itself, and look at all of them for a type.
            return f"{left} = ANY(%s::uuid[])", [*parameters, f"{{{','.join(values)}}}"]
        return f"{left} = ANY(%s)", [*parameters, values]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """See Django."""
        values = self._values(connection)
        if not {*map(type, values)} <= IN_JSON:
            return self.as_sql(compiler, connection)
        left, parameters = self.process_lhs(compiler, connection)
        return ONE_OF.format(left=left), [*parameters, json.dumps(values)]

    @property
    def _are_uuids(self) -> bool:
        field: Any = self.lhs.output_field
        return isinstance(getattr(field, "target_field", field), UUIDField)

    def _values(self, connection: Any) -> list[Any]:
        """Return them as these databases take them."""
        if self._are_uuids:
            return [pk.hex for pk in self.rhs]
        field: Any = self.lhs.output_field
        return [field.get_db_prep_value(value, connection) for value in self.rhs]
