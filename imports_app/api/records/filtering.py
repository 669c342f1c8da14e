"""The attributes that lists of records can be filtered and sorted by."""

from contextlib import suppress
from functools import cache

from imports_app.api.filters import FilterAttribute
from imports_app.outputs.record_types import RecordType, path_of

ID = "id"


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
