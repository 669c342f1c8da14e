"""The other resources: application, organization, resource types, failures and changes."""

from imports_app.api.changes import TYPE as CHANGES
from imports_app.api.failures import TYPE as FAILURES
from imports_app.api.openapi.imports import MESSAGES
from imports_app.api.openapi.schemas import MODE, JsonSchema, optional, or_null, record, resource
from imports_app.api.resource_types import TYPE as RESOURCE_TYPES

TEXT: JsonSchema = {"type": "string"}


def other_schemas() -> dict[str, JsonSchema]:
    """Return the components of the resources that aren't records."""
    return {
        "Application": _singleton(
            "applications",
            {
                "name": TEXT,
                "kind": {"const": "integration"},
                "public_access": {"type": "boolean"},
                "redirect_uri": {"type": "null"},
                "scopes": TEXT,
            },
        ),
        "Organization": _singleton(
            "organizations", dict.fromkeys(("name", "slug", "domain"), TEXT)
        ),
        "ResourceType": _resource_type(),
        "Failure": _failure(),
        "Change": _change(),
    }


def _singleton(type_: str, attributes: JsonSchema) -> JsonSchema:
    members = {"type": {"const": type_}, "id": TEXT, "attributes": optional(attributes)}
    return record({**members, **({"meta": record(MODE)} if MODE else {})})


def _resource_type() -> JsonSchema:
    relation = record({"type": or_null(TEXT), "forms": MESSAGES, "required": {"type": "boolean"}})
    attributes = {
        "key": {
            **MESSAGES,
            "description": "The attributes that identify a record; empty if only its id does.",
        },
        "parent": {**or_null(TEXT), "description": "The type of the parent."},
        "relations": {"type": "object", "additionalProperties": relation},
        "row_schema": {"type": "object", "description": "JSON Schema of a row."},
    }
    schema = resource(RESOURCE_TYPES, attributes, relationships={})
    schema["properties"].pop("meta", None)
    return {**schema, "required": list(schema["properties"])}


def _failure() -> JsonSchema:
    error = record({"attribute": TEXT, "code": TEXT, "message": TEXT})
    attributes = {
        "index": {"type": "integer", "minimum": 0, "description": "Its index in the inputs."},
        "line": {
            "type": ["integer", "null"],
            "minimum": 1,
            "description": "Its line in the file or the CSV.",
        },
        "key": {**or_null(TEXT), "description": "The record's natural key."},
        "input": {"type": ["object", "null"], "description": "The row; null after pruning."},
        "errors": {"type": "array", "items": error},
    }
    schema = resource(FAILURES, attributes, relationships={})
    del schema["properties"]["links"]
    return {**schema, "required": list(schema["properties"])}


def _change() -> JsonSchema:
    attributes = {
        "resource_type": {**TEXT, "description": "That of the record."},
        "index": {"type": ["integer", "null"], "description": "The row's index; null for cleanup."},
        "line": {"type": ["integer", "null"], "description": "The row's line in its file."},
        "key": {**or_null(TEXT), "description": "The record's natural key."},
        "action": {"enum": ["created", "updated", "destroyed"]},
        "record_id": {**or_null(TEXT), "description": "Null in a dry run."},
        "changes": {
            "type": "object",
            "description": "By attribute: the values before and after; none for secrets.",
            "additionalProperties": {"type": "array", "items": {}, "minItems": 2, "maxItems": 2},
        },
    }
    schema = resource(CHANGES, attributes, relationships={})
    del schema["properties"]["links"]
    return {**schema, "required": list(schema["properties"])}
