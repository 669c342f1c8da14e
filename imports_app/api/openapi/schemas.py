"""JSON Schemas of single attributes, as they are shown and as they are sent."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from rest_framework import serializers

from imports_app.api.fields import BooleanField, ChoiceField, CountField, MetadataField, TextField
from imports_app.api.filters.attributes import Kind
from imports_app.conf import conf
from imports_app.models import Mode

JsonSchema = dict[str, Any]

MODE: JsonSchema = {"mode": {"type": "string", "enum": Mode.values}} if conf.modes else {}
MAX_COUNT = 2**63 - 1
DATETIME: JsonSchema = {
    "type": "string",
    "format": "date-time",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$",
}
KINDS: Mapping[Kind, JsonSchema] = {
    Kind.ADDRESS: {"type": "string"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.DATETIME: DATETIME,
    Kind.DECIMAL: {"type": "string"},
    Kind.DURATION: {"type": "string"},
    Kind.FLOAT: {"type": "number"},
    Kind.INTEGER: {"type": "integer"},
    Kind.JSON: {},
    Kind.STRING: {"type": "string"},
    Kind.TIME: {"type": "string"},
    Kind.UUID: {"type": "string", "format": "uuid"},
}


def shown(field: "models.Field[Any, Any]", kind: Kind, *, nullable: bool) -> JsonSchema:
    """Return the schema of a model field's value in an answer."""
    schema = dict(KINDS[kind])
    if kind is Kind.JSON and field.default is dict:
        schema = {"type": "object"}
    if field.choices:
        schema["enum"] = [value for value, _ in field.flatchoices]
    return or_null(schema) if nullable else schema


def sent(field: serializers.Field[Any, Any, Any, Any]) -> JsonSchema:
    """Return the schema of a serializer field's value in a request."""
    schema = _sent(field)
    return or_null(schema) if field.allow_null else schema


def or_null(schema: JsonSchema) -> JsonSchema:
    """Return the schema of the same or null.

    It is in the form from which client generators make a single class for an enum.
    """
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]} if schema else schema


def resource(
    type_: str, attributes: JsonSchema, *, relationships: JsonSchema, **meta: JsonSchema
) -> JsonSchema:
    """Return the schema of a resource object with exactly these members.

    Which attributes it has depends on the request's `fields`. `meta` are the members that its meta
    may have besides the mode.
    """
    return record(
        {
            "type": {"const": type_},
            "id": {"type": "string"},
            "links": record({"self": {"type": "string", "format": "uri"}}),
            "attributes": optional(attributes),
            "relationships": optional(relationships),
            **({"meta": {**optional(MODE | meta), "required": [*MODE]}} if MODE or meta else {}),
        }
    )


def to_one(target: str) -> JsonSchema:
    """Return the schema of a relationship to one resource of that type, or to none."""
    identifier = record({"type": {"const": target}, "id": {"type": "string"}})
    return record({"data": {"anyOf": [identifier, {"type": "null"}]}})


def to_many(type_: str) -> JsonSchema:
    """Return the schema of a relationship to resources of that type, named if included."""
    identifier = record({"type": {"const": type_}, "id": {"type": "string"}})
    links = record({"related": {"type": "string", "format": "uri"}})
    members = {"links": links, "data": {"type": "array", "items": identifier}}
    return {**optional(members), "required": ["links"]}


def record(members: Mapping[str, JsonSchema]) -> JsonSchema:
    """Return the schema of an object that has all these members and no other."""
    return {
        "type": "object",
        "properties": dict(members),
        "required": list(members),
        "additionalProperties": False,
    }


def optional(properties: JsonSchema) -> JsonSchema:
    """Return the schema of an object that may have these members and no other."""
    return {"type": "object", "properties": properties, "additionalProperties": False}


def relocated(schema: Any, paths: Mapping[str, str]) -> Any:
    """Return the schema with its references rewritten: `paths` has the new place of each."""
    if isinstance(schema, dict):
        return {
            name: paths.get(value, value)
            if name == "$ref" and isinstance(value, str)
            else relocated(value, paths)
            for name, value in schema.items()
        }
    return [relocated(value, paths) for value in schema] if isinstance(schema, list) else schema


def _sent(field: serializers.Field[Any, Any, Any, Any]) -> JsonSchema:
    match field:
        case ChoiceField():
            return {"type": "string", "enum": list(field.choices)}
        case TextField():
            length = {"minLength": 0 if field.allow_blank else 1, "maxLength": field.max_length}
            return {"type": "string", **length}
        case BooleanField():
            return {"anyOf": [{"type": "boolean"}, {"enum": ["true", "false"]}]}
        case CountField():
            return {"type": "integer", "minimum": 0, "maximum": MAX_COUNT}
        case MetadataField():
            return {"type": "object"}
        case _:
            raise TypeError(f"{type(field).__name__} has no JSON Schema")
