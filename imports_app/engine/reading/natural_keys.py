"""The name of a row in the logs: its record's natural key, as far as the row gives it."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from imports_app.engine.reading.row import Row
from imports_app.engine.types import ID, Link, Schema, normal
from imports_app.storage import log

RESERVED_KEY = re.compile(r"^(?:import$|inputs\[)", re.MULTILINE)
MAX_KEY_LENGTH = 255


def failures_of(schema: Schema, rows: Sequence[Row]) -> list[log.Failure]:
    """Return the failed rows' entries in the errors log."""
    sent = [row.sent for row in rows]
    keys = [usable_key(_name(schema, one)) for one in sent]
    return [log.Failure(row.index, key, row.errors) for row, key in zip(rows, keys, strict=True)]


def usable_key(key: str | None) -> str | None:
    """Return the key if a log entry may stand under it."""
    if not key or len(key) > MAX_KEY_LENGTH or RESERVED_KEY.match(key):
        return None
    return key


def row_key(schema: Schema, row: Row) -> str | None:
    """Return the record's natural key within its parent as the row gives it, parts joined by
    `/`; None if a log entry can't stand under it.
    """
    return usable_key(_name(schema, row.sent))


def _name(schema: Schema, sent: Mapping[str, Any]) -> str | None:
    if not schema.importer.key:
        candidates = (_text(sent.get(name)) for name in (ID, *schema.found_by))
        return next(filter(None, candidates), None)
    names = [name for name in schema.importer.key if name != schema.importer.parent]
    parts = [_key_part(schema.links_by_name.get(name), name, sent) for name in names]
    return "/".join(part for part in parts if part)


def keys_given(schema: Schema, values: Sequence[Mapping[str, Any]]) -> Sequence[str | None] | None:
    """Return what `row_key` does of rows with these validated values, all with the whole key.

    None where only the rows themselves tell: numbers may be written in many ways, and a relation
    is known by another name.
    """
    names = [name for name in schema.importer.key if name != schema.importer.parent]
    if not names or not schema.links_by_name.keys().isdisjoint(names):
        return None
    columns = [[each[name] for each in values] for name in names]
    if any({*map(type, column)} != {str} for column in columns):
        return None
    keys = columns[0]
    if len(columns) > 1:
        keys = ["/".join(filter(None, parts)) for parts in zip(*columns, strict=True)]
    # Hardly any key is unusable, so all are checked together.
    if (
        all(keys)
        and max(map(len, keys)) <= MAX_KEY_LENGTH
        and not RESERVED_KEY.search("\n".join(keys))
    ):
        return keys
    return [*map(usable_key, keys)]


def _key_part(link: Link | None, name: str, sent: Mapping[str, Any]) -> str | None:
    """Return a part of the key as text.

    A relation is shown by its target's key if the row gives that, else as the row has it.
    """
    if link and link.parts and link.parts[0].attribute in sent:
        texts = (_text(sent.get(form.attribute)) for form in link.parts)
        return "/".join(text for text in texts if text)
    forms = [form.attribute for form in reversed(link.forms)] if link else [name]
    return next((text for form in forms if (text := _text(sent.get(form)))), None)


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return None if "\0" in value else normal(value)
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return str(value) if is_number else None
