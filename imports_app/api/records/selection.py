"""Records as resource objects: only the columns that were asked for are read."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.db.models import Model, QuerySet
from django.db.models.constants import LOOKUP_SEP

from imports_app.api.records.types import RecordType
from imports_app.api.records.values import shown


class ResourceObjects:
    """Makes the resource objects of one answer.

    `wanted` has the names of the attributes and relationships to show, None for all; `base_url` is
    that of the type's listing.
    """

    def __init__(
        self, record_type: RecordType, *, wanted: frozenset[str] | None, mode: str, base_url: str
    ) -> None:
        self._type = record_type
        self._mode = mode
        self._base_url = base_url
        self._attributes = _chosen(record_type.attributes, wanted)
        self._relationships = _chosen(record_type.relationships, wanted)
        self._targets = {name: record_type.target_path(name) for name in self._relationships}

    def select(self, records: QuerySet[Any]) -> QuerySet[Any]:
        """The records with what `resource` needs of them, in the same single query."""
        paths = {*self._attributes.values(), *self._targets.values()}
        joined = {path.partition(LOOKUP_SEP)[0] for path in paths if LOOKUP_SEP in path}
        columns = {"pk", *paths, *joined}
        records = records.only(*columns)
        # Without a name it would join every relation there is.
        return records.select_related(*joined) if joined else records

    def resource(self, record: Model) -> dict[str, Any]:
        """The resource object of a selected record."""
        return {
            "type": self._type.name,
            "id": str(record.pk),
            "links": {"self": f"{self._base_url}/{quote(str(record.pk), safe='')}"},
            "attributes": {
                name: shown(_value(record, path)) for name, path in self._attributes.items()
            },
            "relationships": {
                name: {"data": _identifier(target, _value(record, self._targets[name]))}
                for name, target in self._relationships.items()
            },
            "meta": {"mode": self._mode},
        }


def _chosen(names: Mapping[str, str], wanted: frozenset[str] | None) -> dict[str, str]:
    return {name: value for name, value in names.items() if wanted is None or name in wanted}


def _identifier(resource_type: str, pk: Any) -> dict[str, str] | None:
    return None if pk is None else {"type": resource_type, "id": str(pk)}


def _value(record: Any, path: str) -> Any:
    value = record
    for name in path.split(LOOKUP_SEP):
        value = None if value is None else getattr(value, name)
    return value
