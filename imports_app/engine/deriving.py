"""Lets a type complete its rows by what other records say."""

from collections.abc import Sequence
from typing import Any

from imports_app.engine.plan import Draft
from imports_app.engine.schema import Schema
from imports_app.importer import Derivation


def derive(schema: Schema, drafts: Sequence[Draft], pks: Sequence[Any]) -> None:
    """Calls the importer with the rows of one write; `pks` are the ids of those that exist."""
    schema.importer.derive(
        [
            Derivation(pk, made.fields, made.row.instructions, made.row.errors)
            for made, pk in zip(drafts, pks, strict=True)
        ]
    )
