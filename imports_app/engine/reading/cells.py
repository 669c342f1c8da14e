"""A CSV row's cells, turned into the JSON values that their attributes take."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from math import isfinite
from typing import Any

import msgspec
from msgspec import Raw

from imports_app.conf import conf
from imports_app.engine.types import BASE, TAGS, Schema, json_schema
from imports_app.importer import RowError
from imports_app.inputs.numbers import number_fault
from imports_app.models.chunks import SURPLUS

TOO_MANY_CELLS = ("too_many_cells", "has more cells than there are columns")
# As long as anybody's numbers; Python refuses to read thousands of digits.
# With three zeros behind a point it may be a thousand times as much.
INTEGER = re.compile(r"([+-]?)([0-9]{1,400})(?:\.(?!000$)0*)?")
NUMBER = re.compile(r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?")
BOOLEANS = {"true": True, "false": False}


@dataclass(slots=True)
class Cells:
    """What a CSV row is to the engine.

    Attributes:
        text: the row's JSON text, as if it had been sent as JSON, less unknown columns.
        unknown: the columns left out.
        errors: what is wrong with the row as a line of a CSV.
        dotted: the cells of dotted columns, as objects by attribute.
    """

    text: Raw
    unknown: list[str] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    dotted: Mapping[str, Any] = field(default_factory=dict)


def cast(schema: Schema, row: Raw) -> Cells:
    """Casts each cell that can be to what its attribute takes.

    One that can't stays text, for validation to say what it must be.
    """
    cells = msgspec.json.decode(row, type=dict[str, Any])
    surplus = cells.pop(SURPLUS, None)
    for name, attribute in schema.importer.synonyms.items():
        if name in cells and attribute not in cells:
            cells[attribute] = cells.pop(name)
    kinds = _kinds(schema)
    cells = dict(_unnested(schema, cells, kinds))
    values = {name: kinds[name].cast(cell) for name, cell in cells.items() if name in kinds}
    return Cells(
        text=Raw(msgspec.json.encode(values)),
        unknown=[
            column
            for name, cell in cells.items()
            if name not in kinds
            for column in _columns(name, cell)
        ],
        errors=[RowError(BASE, *TOO_MANY_CELLS)] if surplus else [],
        dotted={name: cell for name, cell in cells.items() if isinstance(cell, dict)},
    )


def _unnested(
    schema: Schema, cells: Mapping[str, Any], kinds: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    """Yield the cells as a row has them: `customer.email` names a relation as `customer_email`
    does,
    and the cells under `tags.name` and `tags.id` hold lists.
    """
    for name, cell in cells.items():
        if isinstance(cell, dict) and name in schema.links_by_name and name not in kinds:
            forms = {f"{name}_{inner}" for inner in cell} & kinds.keys()
            yield from ((form, cell[form.removeprefix(f"{name}_")]) for form in forms)
            if unknown := {i: c for i, c in cell.items() if f"{name}_{i}" not in forms}:
                yield name, unknown
        elif isinstance(cell, dict) and name == TAGS and schema.tag_field:
            yield name, [{inner: tag} for inner, text in cell.items() for tag in _listed(text)]
        else:
            yield name, cell


def _listed(text: Any) -> list[Any]:
    """Return the names in a cell that holds several; a cell that is none is left for validation."""
    return [part.strip() for part in text.split(",")] if isinstance(text, str) else [text]


def _columns(name: str, cell: Any) -> Iterator[str]:
    """Yield the headers under which the cells came: an object's have dots."""
    if isinstance(cell, dict):
        for inner, nested in cell.items():
            yield from _columns(f"{name}.{inner}", nested)
    else:
        yield name


class _Kind:
    """The types of JSON values that an attribute takes, as its JSON Schema says."""

    def __init__(self, node: Mapping[str, Any], definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions
        self._options = list(_options(node, definitions))
        self.types = {option.get("type") for option in self._options}
        # What may be anything may be text.
        self.is_text = "string" in self.types or None in self.types

    @cached_property
    def items(self) -> "_Kind | None":
        """That of an array's items."""
        for option in self._options:
            if option.get("type") == "array":
                return _Kind(option.get("items", {}), self._definitions)
        return None

    @cached_property
    def members(self) -> Mapping[str, "_Kind"]:
        """Those of an object, by name."""
        return {
            name: _Kind(node, self._definitions)
            for option in self._options
            for name, node in option.get("properties", {}).items()
        }

    def cast(self, cell: Any) -> Any:
        """Return the value, or the cell as it is."""
        if isinstance(cell, dict) and self.items:
            return [self.items.cast(cell)]  # a row of a CSV has room for one
        if isinstance(cell, dict):
            return {
                name: self.members[name].cast(inner) if name in self.members else inner
                for name, inner in cell.items()
            }
        return cell if self.is_text or isinstance(cell, list) else self._value(cell)

    def _value(self, cell: str) -> Any:
        text = cell.strip()
        if "boolean" in self.types and text.lower() in BOOLEANS:
            return BOOLEANS[text.lower()]
        if "integer" in self.types and (match := INTEGER.fullmatch(text)):
            sign, digits = match.groups()
            return Raw(f"{sign.strip('+')}{digits.lstrip('0') or '0'}".encode())
        if "number" in self.types and NUMBER.fullmatch(text):
            return number if isfinite(number := float(text)) else cell
        if text.startswith(("{", "[")) and self.types & {"object", "array"}:
            return cell if (value := _json(text)) is None else value
        return cell


def _options(
    node: Mapping[str, Any], definitions: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    """Yield the alternatives of a JSON Schema, references followed."""
    if "$ref" in node:
        yield from _options(definitions[node["$ref"].rpartition("/")[2]], definitions)
    elif alternatives := node.get("anyOf", node.get("oneOf")):
        for alternative in alternatives:
            yield from _options(alternative, definitions)
    else:
        yield node


def number_attributes(schema: Schema) -> set[str]:
    """Return the attributes that take numbers."""
    return {name for name, kind in _kinds(schema).items() if kind.types & {"integer", "number"}}


@cache
def _kinds(schema: Schema) -> Mapping[str, _Kind]:
    document = json_schema(schema)
    definitions = document.get("$defs", {})
    return {name: _Kind(node, definitions) for name, node in document["properties"].items()}


def _json(text: str) -> Raw | None:
    """Return the text, if it is JSON that a request could hold: in its depth, in its numbers."""
    encoded = text.encode()
    try:
        value = msgspec.json.decode(encoded)
    except (msgspec.MsgspecError, RecursionError):
        return None
    if number_fault(encoded) or _nests_deeper(value, conf.max_depth):
        return None
    return Raw(encoded)


def _nests_deeper(value: Any, limit: int) -> bool:
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return False
    return limit == 0 or any(_nests_deeper(inner, limit - 1) for inner in value)
