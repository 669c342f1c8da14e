"""The import object: as it is shown, created and changed."""

from collections.abc import Iterable, Mapping
from typing import Any

from imports_app.api.documents import INPUTS
from imports_app.api.filters import FilterAttribute
from imports_app.api.openapi.schemas import (
    JsonSchema,
    or_null,
    record,
    resource,
    sent,
    shown,
    to_one,
)
from imports_app.api.serializers import (
    APPLICATION,
    CHANGEABLE,
    READ_ONLY,
    SETTABLE,
    TYPE,
    ImportSerializer,
)
from imports_app.models import Format, Import
from imports_app.registry import importers

DESCRIPTIONS: Mapping[str, str] = {
    "resource_type": "The type of resource being imported, plural: `skus`.",
    "parent_resource_id": "The parent that imported rows belong to, for a type that has one; a "
    "row's own id, reference or key for that relation wins over it.",
    "status": "Where the import is in its life; `interrupted` and `completed` are final.",
    "started_at": "When a worker took it up.",
    "completed_at": "When it was completed.",
    "interrupted_at": "When it was interrupted.",
    "inputs": "The rows, cells of a CSV as they were sent; null after pruning.",
    "inputs_size": "The number of rows, fixed at creation.",
    "processed_count": "Rows created, updated or found unchanged; never failed ones.",
    "created_count": "Rows that made a record.",
    "updated_count": "Rows that changed a record.",
    "unchanged_count": "Rows whose record was like that already.",
    "errors_count": "Rows that failed.",
    "warnings_count": "Warnings, one a message.",
    "destroyed_count": "Records destroyed by cleanup.",
    "errors_log": "What is wrong with the rows that failed, by row key and attribute. At most a "
    "set number of entries: the counts are always true, and the failures have them all.",
    "warnings_log": "Warnings by row key.",
    "cleanup_records": "After the rows, destroy the records of that type (of that parent, if one "
    "is given) that are not among the inputs. Needs the scope `imports:cleanup`.",
    "cleanup_limit": "If cleanup would destroy more records than this, it destroys none and says "
    "so in warnings_log.",
    "skip_errors": "Do not interrupt when too many rows fail.",
    "dry_run": "Go through everything and write no record; the counts and logs say what would "
    "have happened.",
    "reference": "A label of the client's own.",
    "reference_origin": "Where the reference comes from.",
    "metadata": "Key-value pairs of the client's own.",
    "format": "How the inputs are sent: rows as objects, or one CSV in a string.",
    "attachment_url": "A signed, expiring URL of the inputs as sent, gzipped.",
    "created_at": "When it was created.",
    "updated_at": "When it last changed.",
    "_interrupt": "True stops the import: a pending one at once, a running one after the chunk "
    "in hand. Changes nothing about a final one.",
}
META: JsonSchema = {
    "version": {
        "type": "integer",
        "minimum": 1,
        "description": "Raised by each change of the labels; what If-Match compares.",
    },
    "queue_position": {"type": "integer", "minimum": 0, "description": "While it is pending."},
    "retry_of": {"type": "string", "description": "The import that this one is a retry of."},
}
RELATIONSHIPS: JsonSchema = {APPLICATION: to_one("applications")}
MESSAGES: JsonSchema = {"type": "array", "items": {"type": "string"}}
# Shown attributes that are no columns of the import.
COMPUTED: Mapping[str, JsonSchema] = {
    INPUTS: {"type": ["array", "null"], "items": {"type": "object"}},
    "errors_log": {
        "type": "object",
        "additionalProperties": {"type": "object", "additionalProperties": MESSAGES},
    },
    "warnings_log": {"type": "object", "additionalProperties": MESSAGES},
    "attachment_url": {"type": ["string", "null"], "format": "uri"},
}


def import_schemas() -> dict[str, JsonSchema]:
    """The components of the import."""
    return {
        "Import": resource(TYPE, _described(_shown), relationships=RELATIONSHIPS, **META),
        "ImportCreate": _request(_described(_settable, SETTABLE), ["resource_type", INPUTS]),
        "ImportUpdate": _request(_described(_sent, CHANGEABLE), [], id_=True),
        "ImportRetry": _request({}, [], id_=None),
    }


def row_reference(resource_type: str) -> JsonSchema:
    """Where the schema of that type's rows stands."""
    return {"$ref": f"#/components/schemas/{resource_type}_row"}


def _described(schema_of: Any, names: Iterable[str] = (*SETTABLE, *READ_ONLY)) -> JsonSchema:
    return {name: {**schema_of(name), "description": DESCRIPTIONS[name]} for name in names}


def _shown(name: str) -> JsonSchema:
    if name in COMPUTED:
        return dict(COMPUTED[name])
    attribute = FilterAttribute.of(Import, name)
    return shown(attribute.field, attribute.kind, nullable=attribute.nullable)


def _settable(name: str) -> JsonSchema:
    match name:
        case "resource_type":
            return {"enum": [importer.resource_type for importer in importers]}
        case "format":
            return or_null({"type": "string", "enum": Format.values})
        case "inputs":
            return _inputs()
        case _:
            return _sent(name)


def _sent(name: str) -> JsonSchema:
    return sent(ImportSerializer().fields[name])


def _inputs() -> JsonSchema:
    """A row that isn't as its type wants it fails by itself, later: any object will do."""
    rows = [row_reference(importer.resource_type) for importer in importers]
    return {
        "anyOf": [
            {"type": "array", "minItems": 1, "items": {"anyOf": [*rows, {"type": "object"}]}},
            {"type": "string", "description": 'A CSV, header first, with `format: "csv"`.'},
        ]
    }


def _request(
    attributes: JsonSchema, required: list[str], *, id_: bool | None = False
) -> JsonSchema:
    """A document; `id_` says whether it has one, None that it may."""
    members: JsonSchema = {
        "type": {"const": TYPE},
        "attributes": {
            "type": "object",
            "properties": attributes,
            "required": required,
            "additionalProperties": False,
        },
        "relationships": {"type": "object", "maxProperties": 0},
    }
    if id_ is not False:
        members["id"] = {"type": "string", "description": "That of the URL."}
    needed = ["type", *(["attributes"] if required else []), *(["id"] if id_ else [])]
    data = {**record(members), "required": needed}
    return record({"data": data})
