"""Call an importer's `before_write` with its rows."""

from collections.abc import Sequence
from typing import Any

from imports_app.engine.planning import Draft
from imports_app.engine.types import Schema
from imports_app.importer import Derivation, Importer


def is_asked(schema: Schema) -> bool:
    """Return whether the importer has a `before_write`."""
    return type(schema.importer).before_write is not Importer.before_write


def show(schema: Schema, drafts: Sequence[Draft], pks: Sequence[Any]) -> None:
    """Pass on the rows without errors; `pks` are the ids of the records that exist.

    The importer may add errors, and has copies of the fields.
    """
    rows = [
        Derivation(pk, {**made.fields}, made.row.instructions, made.row.errors)
        for made, pk in zip(drafts, pks, strict=True)
        if not made.row.errors
    ]
    if rows:
        schema.importer.before_write(rows)
