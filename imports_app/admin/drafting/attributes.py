"""The attributes of a type, with which staff match the columns of a file."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from imports_app.engine.types import Schema, json_schema
from imports_app.outputs.template import columns_of

KEY, REQUIRED = "finds the record", "a new record needs it"
JSON_TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
    "array": "list",
    "null": "nothing",
}


class Attribute(NamedTuple):
    """An attribute of a type: which values it takes, and what a row needs it for."""

    name: str
    takes: str
    role: str


def attributes_of(schema: Schema) -> Iterator[Attribute]:
    """Yield the attributes that rows may have, the most needed ones first."""
    document = json_schema(schema)
    definitions = document.get("$defs", {})
    properties = document["properties"]
    roles = dict(_roles(schema))
    first = [name for name in columns_of(schema.importer) if name in properties]
    for name in dict.fromkeys((*first, *properties)):
        if name != "type" or name in schema.by_attribute:
            takes = ", or ".join(dict.fromkeys(_words(properties[name], definitions)))
            yield Attribute(name, takes, roles.get(name, ""))


def _roles(schema: Schema) -> Iterator[tuple[str, str]]:
    for column in schema.columns:
        if column.required:
            yield column.attribute, REQUIRED
    for link in schema.links:
        if link.relation.required:
            for name in link.given_by:
                yield name, REQUIRED
    for name in schema.importer.key:
        link_of_key = schema.links_by_name.get(name)
        for attribute in link_of_key.given_by if link_of_key else (name,):
            yield attribute, KEY


def missing_attributes(schema: Schema, names: Iterable[str]) -> Iterator[str]:
    """Yield what every new record needs, but none of these attributes gives.

    Alternatives, such as the ways to name a target, share one text.
    """
    given = set(names)
    needed: list[tuple[str, ...]] = [
        (column.attribute,) for column in schema.columns if column.required
    ]
    needed += [link.given_by for link in schema.links if link.relation.required]
    for ways in needed:
        if given.isdisjoint(ways):
            yield " or ".join(ways)


def _words(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[str]:
    if "$ref" in node:
        yield from _words(definitions[node["$ref"].rpartition("/")[2]], definitions)
    elif alternatives := node.get("anyOf", node.get("oneOf")):
        for alternative in alternatives:
            yield from _words(alternative, definitions)
    elif "const" in node or "enum" in node:
        yield from map(str, node.get("enum", [node.get("const")]))
    else:
        yield JSON_TYPES.get(node.get("type", ""), "anything")
