"""What answers about records have: which columns, and the attributes to filter and sort them by."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import cache
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.db.models.constants import LOOKUP_SEP

from imports_app.api.filters import FilterAttribute
from imports_app.outputs.record_types import RecordType, path_of

ID = "id"


def selected(
    records: QuerySet[Any],
    record_type: RecordType,
    *,
    wanted: Collection[str] | None,
    included: Collection[str] = (),
    also: Collection[str] = (),
) -> QuerySet[Any]:
    """Return the records with what is shown of them: one query, and one more for each list.

    `wanted` are names of attributes and relationships, None for all. What is shown of the targets
    of `included` relations isn't fetched here. `also` are further fields to read.
    """
    paths = {*_paths(record_type, wanted), *also}
    relations = {path.partition(LOOKUP_SEP)[0] for path in paths if LOOKUP_SEP in path}
    joined = relations.difference(included)
    own = {path for path in paths if path.partition(LOOKUP_SEP)[0] not in included}
    records = records.only("pk", *own, *joined, *included)
    for name, path in record_type.lists.items():
        if wanted is None or name in wanted:
            many, _, shown = path.partition(LOOKUP_SEP)
            targets = record_type.schema.many[name].relation.to._base_manager.only(shown)
            records = records.prefetch_related(Prefetch(many, targets))
    # Without a name it would join every relation there is.
    return records.select_related(*joined) if joined else records


def read_through(
    relation: str, record_type: RecordType, wanted: Collection[str] | None
) -> Iterator[str]:
    """Yield the ORM paths, from a relation's target, to the attributes that records show of it."""
    for path in _paths(record_type, wanted):
        first, _, rest = path.partition(LOOKUP_SEP)
        if rest and first == relation:
            yield rest


def _paths(record_type: RecordType, wanted: Collection[str] | None) -> Iterator[str]:
    for name, path in record_type.attributes.items():
        if wanted is None or name in wanted:
            yield path
    for name in record_type.relationships:
        if wanted is None or name in wanted:
            yield record_type.target_path(name)


@cache
def filter_attributes(record_type: RecordType) -> dict[str, FilterAttribute]:
    """Return the id, the attributes, and every form in which a row may name a relation's target."""
    forms = {form.attribute: path_of(link, form) for link, form in record_type.forms()}
    attributes = {}
    for name, path in ({ID: "pk"} | forms | record_type.attributes).items():
        with suppress(TypeError):  # its values don't compare
            attributes[name] = FilterAttribute.of(record_type.schema.model, path)
    for name, path in record_type.lists.items():
        with suppress(TypeError):
            attributes[name] = FilterAttribute.of(record_type.schema.model, path, sortable=False)
    return attributes
