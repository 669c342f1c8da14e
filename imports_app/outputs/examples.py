"""Describe the columns of a type's file: a note and an example cell for each."""

from typing import Any, NamedTuple

from imports_app.engine.types import ID, REFERENCE, Schema, json_schema, schema_for
from imports_app.importer import Importer
from imports_app.inputs.kinds import Kind
from imports_app.ranges import FORMAT
from imports_app.secrecy.hidden import secrets_of

WORDS = ("true", "false")
Example = str | int | float | None
FORMS: dict[str, tuple[str, Example]] = {
    "boolean": ("true or false", "true"),
    "integer": ("a whole number", 1),
    "number": ("a number", 12.5),
    "array": ("a list, separated by commas", None),
    "object": ('an object in JSON, such as {"color": "red"}', '{"color": "red"}'),
    FORMAT: ('a range in JSON, such as {"lower": 7, "upper": 10, "bounds": "[)"}', None),
    "date": ("a date, such as 2026-03-31", "2026-03-31"),
    "date-time": ("a date and time, such as 2026-03-31T12:00:00Z", "2026-03-31T12:00:00Z"),
    "email": ("an email address", "jane@example.com"),
}


class Told(NamedTuple):
    """What is to be known of a column.

    Attributes:
        note: one or two sentences.
        choices: the values that there are; none where they are not few.
        example: a cell that fits, if the column is one to begin with.
    """

    note: str
    choices: tuple[str, ...]
    example: Example


def told_of(importer: Importer, columns: list[str]) -> list[Told]:
    """Return it of each column."""
    schema = schema_for(importer)
    document = json_schema(schema)
    return [_told(schema, name, document) for name in columns]


def _told(schema: Schema, name: str, document: dict[str, Any]) -> Told:
    node = document["properties"][name]
    kind = Kind(name, node, document.get("$defs", {}))
    choices = _choices(node) or (WORDS if "boolean" in kind.types else ())
    if name == ID:
        return Told("Finds the record that is there; empty for a new one.", (), None)
    form, example = FORMS.get(kind.format or "", FORMS.get(_type(kind), ("text", _text(name))))
    if choices and choices != WORDS:
        form, example = f"one of {', '.join(choices)}", choices[0]
    notes = [f"{form[0].upper()}{form[1:]}.", *_notes(schema, name, document)]
    is_first = name in _first(schema) and name not in secrets_of(schema.importer)
    return Told(" ".join(notes), choices, example if is_first else None)


def _notes(schema: Schema, name: str, document: dict[str, Any]) -> list[str]:
    link = next((each for each in schema.links for f in each.forms if f.attribute == name), None)
    finds = name in schema.importer.key or (link is not None and link.name in schema.importer.key)
    notes = ["Finds the record."] if finds else []
    if name in document.get("required", ()):
        notes.append("A new record needs it.")
    if link:
        others = [form.attribute for form in link.forms if form.attribute != name]
        also = f" (or give {' or '.join(others)})" if others else ""
        need = "; a new record needs it" if link.relation.required else ""
        notes.append(f"Names the {link.name.replace('_', ' ')}{also}{need}.")
    return notes


def _first(schema: Schema) -> set[str]:
    """Return the columns that an example fills: no other ways to name the same, no labels."""
    own = {
        column.attribute for column in schema.columns if not column.attribute.startswith(REFERENCE)
    }
    return own | {link.forms[-1].attribute for link in schema.links}


def _type(kind: Kind) -> str:
    return next((name for name in FORMS if name in kind.types), "")


def _choices(node: dict[str, Any]) -> tuple[str, ...]:
    options = [node, *node.get("anyOf", ())]
    found: list[Any] = next((option["enum"] for option in options if "enum" in option), [])
    return tuple(str(value) for value in found if value is not None)


def _text(name: str) -> str:
    return f"{name.replace('_', ' ').capitalize()} 1"
