"""The resource types' records, as they are shown, and their rows."""

from collections.abc import Iterator

from imports_app.api.filters import FilterAttribute
from imports_app.api.openapi.schemas import JsonSchema, relocated, resource, shown, to_one
from imports_app.api.resource_types import row_schema
from imports_app.importer import Importer
from imports_app.outputs.record_types import RecordType, record_type_for


def record_schemas(importer: Importer) -> dict[str, JsonSchema]:
    """Return the components of one type."""
    name = importer.resource_type
    record_type = record_type_for(importer)
    return {
        name: resource(
            name,
            {
                attribute: _shown(record_type, path)
                for attribute, path in record_type.attributes.items()
            }
            | {
                attribute: {"type": "array", "items": _shown(record_type, path)}
                for attribute, path in record_type.lists.items()
            },
            relationships={
                relation: to_one(target) for relation, target in record_type.relationships.items()
            },
        ),
        **dict(_rows(importer)),
    }


def _rows(importer: Importer) -> Iterator[tuple[str, JsonSchema]]:
    """Yield the component of the type's rows, and those of the rows nested in them.

    Client generators follow references to components only, and name classes by the titles.
    """
    name = f"{importer.resource_type}_row"
    schema = dict(row_schema(importer))
    inner = schema.pop("$defs", {})
    paths = {f"#/$defs/{one}": f"#/components/schemas/{name}_{one}" for one in inner}
    for component, found in {
        name: schema,
        **{f"{name}_{n}": one for n, one in inner.items()},
    }.items():
        yield component, {**relocated(found, paths), "title": component}


def _shown(record_type: RecordType, path: str) -> JsonSchema:
    try:
        attribute = FilterAttribute.of(record_type.schema.model, path)
    except TypeError:  # its values don't compare, and nothing is known of them
        return {}
    return shown(
        attribute.field, attribute.kind, nullable=attribute.nullable and not attribute.many
    )
