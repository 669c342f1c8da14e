"""The records that failed rows stand for: cleanup must not destroy them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from pydantic import ValidationError as PydanticError

from imports_app.engine import relations
from imports_app.engine.context import Context
from imports_app.engine.lookup import find_by_id, find_by_key
from imports_app.engine.outcome import Kept
from imports_app.engine.row_type import ID
from imports_app.engine.rows import Row, attributes
from imports_app.engine.schema import Schema
from imports_app.ids import parse_id


def kept_records(context: Context, failed: Sequence[Row]) -> Kept:
    """Matches the failed rows by what can be read of their id or key. Two queries at most, and
    one for each way of naming a relation in the key.
    """
    kept = Kept()
    if not context.import_.cleanup_records:
        return kept
    bare = [Row(row.index, row.raw, _readable(context.schema, attributes(row))) for row in failed]
    relations.resolve(context.schema, bare, mode=context.mode, parent=context.parent)
    ids, keys = set(), set()
    for row in bare:
        if ID in row.values:
            ids.add(parse_id(context.schema.pk, row.values[ID]))
        elif all(name in row.values for name in context.schema.needed_key_names):
            keys.add(tuple(row.values.get(name) for name in context.schema.key_names))
        elif not row.errors:
            # A relation of the key that names nothing can't be part of any record: that one is
            # matched, to none.
            kept.unmatched += 1
    kept.records.extend(find_by_id(context.schema, ids - {None}, mode=context.mode))
    kept.records.extend(find_by_key(context.schema, keys, mode=context.mode).values())
    return kept


def _readable(schema: Schema, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The id and the parts of the key that are of a kind that could name something."""
    names = {ID}
    for name in schema.importer.key:
        link = schema.links_by_name.get(name)
        names |= {form.attribute for form in link.forms} if link else {name}
    stored = {
        name: _as_stored(schema, name, value)
        for name, value in sent.items()
        if name in names and _names(value)
    }
    return {name: value for name, value in stored.items() if value is not None}


def _as_stored(schema: Schema, name: str, value: Any) -> Any:
    """What validation makes of the value where it changes it, as to lower case.

    A number where text is asked for means that text; None for what could never be stored.
    """
    try:
        return schema.validator.validate_python({name: value}, strict=True)[name]
    except PydanticError:
        column = schema.by_attribute.get(name)
    try:
        return column.field.to_python(value) if column else str(value)
    except ValidationError:
        return None


def _names(value: Any) -> bool:
    if isinstance(value, str):
        return bool(value.strip()) and "\0" not in value
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
