"""The import object, as it is shown, created and changed."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from imports_app.api.events.events import TYPE as EVENTS
from imports_app.api.fields import field_of
from imports_app.api.filters import FilterAttribute
from imports_app.api.imports.columns import APPLICATION
from imports_app.api.imports.mended import OF_DOCUMENT
from imports_app.api.imports.requests import INTERRUPT, interrupt_field
from imports_app.api.imports.resource import FILE, TYPE
from imports_app.api.openapi import schemas
from imports_app.api.openapi.schemas import JsonSchema, record, resource, to_many, to_one
from imports_app.api.raw_inputs import INPUTS
from imports_app.models import Import
from imports_app.models.attributes import ATTRIBUTES, changeable, settable, shown
from imports_app.registry import importers

META: JsonSchema = {
    "version": {
        "type": "integer",
        "minimum": 1,
        "description": "Raised by each change of the labels; compared with If-Match.",
    },
    "queue_position": {"type": "integer", "minimum": 0, "description": "While it is pending."},
    "retry_of": {"type": "string", "description": "The import that this one is a retry of."},
    "undo_of": {"type": "string", "description": "The import that this one undoes."},
    "check_of": {
        "type": "string",
        "description": "The dry run whose results this import must match.",
    },
    "mended": {
        "type": "integer",
        "minimum": 0,
        "description": "The number of its failed rows that its retry mended.",
    },
    "file": {
        "type": "object",
        "description": "How the file, or the CSV, was read.",
        "properties": {
            **{name: {"type": ["string", "null"]} for name in FILE if name != "columns"},
            "columns": {
                "type": ["object", "null"],
                "additionalProperties": {"type": ["string", "null"]},
                "description": "The attribute of each column; null where it was left out.",
            },
        },
    },
}
RELATIONSHIPS: JsonSchema = {APPLICATION: to_one("applications"), EVENTS: to_many(EVENTS)}
MESSAGES: JsonSchema = {"type": "array", "items": {"type": "string"}}
# Shown attributes that aren't columns of the import.
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
    """Return the components of the import."""
    return {
        "Import": resource(TYPE, _described(_shown, shown()), relationships=RELATIONSHIPS, **META),
        "ImportCreate": _request(_described(_settable, settable()), ["resource_type", INPUTS]),
        "ImportUpdate": _request(_described(_sent, changeable()), [], id_=True),
        "ImportRetry": _request(_described(_settable, (INPUTS, *OF_DOCUMENT)), [], id_=None),
        "ImportUndo": _request(_described(_sent, ["dry_run"]), [], id_=None),
    }


def row_reference(resource_type: str) -> JsonSchema:
    """Return a reference to the schema of the type's rows."""
    return {"$ref": f"#/components/schemas/{resource_type}_row"}


def _described(schema_of: Callable[[str], JsonSchema], names: Iterable[str]) -> JsonSchema:
    return {
        name: {**schema_of(name), "description": ATTRIBUTES[name].description} for name in names
    }


def _shown(name: str) -> JsonSchema:
    if name in COMPUTED:
        return dict(COMPUTED[name])
    attribute = FilterAttribute.of(Import, name)
    return schemas.shown(attribute.field, attribute.kind, nullable=attribute.nullable)


def _settable(name: str) -> JsonSchema:
    match name:
        case "resource_type":
            return {"enum": [importer.resource_type for importer in importers]}
        case "inputs":
            return _inputs()
        case _:
            return _sent(name)


def _sent(name: str) -> JsonSchema:
    if name == INTERRUPT:
        return schemas.sent(interrupt_field())
    model_field: Any = Import._meta.get_field(name)
    return schemas.sent(field_of(model_field, may_be_empty=ATTRIBUTES[name].may_be_empty))


def _inputs() -> JsonSchema:
    """Return the schema of the inputs.

    Any object is allowed: a row that its type rejects fails later, by itself.
    """
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
    """Return a document; `id_` says whether it has an id, or None if it may have one."""
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
