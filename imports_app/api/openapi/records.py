"""The resource types: their records as they are shown, and their rows."""

from imports_app.api.filters import FilterAttribute
from imports_app.api.openapi.schemas import JsonSchema, relocated, resource, shown, to_one
from imports_app.api.records.types import RecordType, record_type_for
from imports_app.api.resource_types import row_schema
from imports_app.importer import Importer


def record_schemas(importer: Importer) -> dict[str, JsonSchema]:
    """The components of one type."""
    name = importer.resource_type
    record_type = record_type_for(importer)
    row = f"{name}_row"
    return {
        name: resource(
            name,
            {
                attribute: _shown(record_type, path)
                for attribute, path in record_type.attributes.items()
            },
            relationships={
                relation: to_one(target) for relation, target in record_type.relationships.items()
            },
        ),
        row: relocated(row_schema(importer), f"#/components/schemas/{row}"),
    }


def _shown(record_type: RecordType, path: str) -> JsonSchema:
    try:
        attribute = FilterAttribute.of(record_type.schema.model, path)
    except TypeError:  # no kind that compares, so nothing is known of its values
        return {}
    return shown(attribute.field, attribute.kind, nullable=attribute.nullable)
