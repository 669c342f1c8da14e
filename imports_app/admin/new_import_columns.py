"""The columns of a file beside the attributes of its type: what fits, what doesn't, what lacks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw

from imports_app.engine.reading import cast
from imports_app.engine.types import Schema, json_schema
from imports_app.inputs.cell_form import CellForm
from imports_app.models import Format
from imports_app.outputs.template import columns_of

MAX_UNKNOWN = 50  # hostile rows have many names, and long ones
MAX_NAME = 100
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
    """An attribute of a type: what it takes, and what a row needs it for."""

    name: str
    takes: str
    role: str


class Column(NamedTuple):
    """A column of a file: the attribute that it fills; if there is none, one with a like name."""

    name: str
    attribute: Attribute | None
    guess: str


class Columns:
    """What a file has, seen beside what its type has.

    Attributes:
        found: the file's columns that have an attribute.
        unknown: the first of those that have none.
        unknown_count: how many there are of these.
        lacking: what every new record needs and no column gives; ways to give one thing together.
        unused: attributes that the file could have, too.
    """

    def __init__(self, schema: Schema, names: Sequence[str]) -> None:
        self._attributes = {each.name: each for each in attributes_of(schema)}
        strange = [name for name in names if name not in self._attributes]
        self.found = [Column(n, self._attributes[n], "") for n in names if n in self._attributes]
        self.unknown = [Column(n, None, self._guess(n)) for n in strange[:MAX_UNKNOWN]]
        self.unknown_count = len(strange)
        self.lacking = list(_lacking(schema, set(names)))
        self.unused = [each for name, each in self._attributes.items() if name not in set(names)]

    def _guess(self, name: str) -> str:
        wanted = name[:MAX_NAME].strip().lower().replace(" ", "_")
        return next(iter(get_close_matches(wanted, self._attributes, 1)), "")


def names_of(schema: Schema, rows: Iterable[Raw], format_: str, form: CellForm) -> list[str]:
    """Return the columns of the rows as they appear: known ones by their attributes' names.

    A column of a CSV that has no cell with anything in it is none.
    """
    names: dict[str, None] = {}
    for row in rows:
        if format_ == Format.CSV:
            cells = cast(schema, row, form)
            wrong = (error.attribute for error in cells.errors)
            names.update(dict.fromkeys((*_members(cells.text), *wrong, *cells.unknown)))
        else:
            names.update(dict.fromkeys(_members(row)))
    return list(names)


def _members(row: Raw) -> Iterable[str]:
    return msgspec.json.decode(row, type=dict[str, Raw])


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


def _lacking(schema: Schema, names: set[str]) -> Iterator[str]:
    needed: list[tuple[str, ...]] = [
        (column.attribute,) for column in schema.columns if column.required
    ]
    needed += [link.given_by for link in schema.links if link.relation.required]
    for ways in needed:
        if names.isdisjoint(ways):
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
