"""Prepare a chunk without the database: its rows, and often their drafts, too."""

from collections.abc import Sequence
from typing import NamedTuple

from imports_app.engine.planning.drafts import Draft
from imports_app.engine.planning.plan import draft
from imports_app.engine.planning.shapes import in_columns
from imports_app.engine.reading import Rows, read
from imports_app.engine.types import ID, Schema
from imports_app.inputs.cell_form import CellForm
from imports_app.models import Import, ImportChunk


class Prepared(NamedTuple):
    """The rows of a batch. They serve once, since a try that failed leaves its marks on them.

    Attributes:
        drafts: those of the sound rows, in columns where that is all they need; None if something
            has to be looked up first.
    """

    rows: Rows
    drafts: Sequence[Draft] | None


def prepare(schema: Schema, import_: Import, chunk: ImportChunk, start: int, size: int) -> Prepared:
    """Return the chunk's rows from the row of index `start`, at most `size`. Asks the database
    nothing.
    """
    form = CellForm.of(import_.file)
    rows = read(schema, chunk, start, size, format_=import_.format, form=form)
    names = {name for shape in {*map(tuple, rows.values)} for name in shape}
    # The row names another record, or its own by id, or has parts that may do so.
    asked = (schema.form_attributes | {ID}) & names
    looks_up = import_.parent_resource_id is not None or schema.importer.hashed or asked
    if looks_up or any(row.parts for row in rows.made.values()):
        return Prepared(rows, None)
    drafts = in_columns(schema, rows)
    return Prepared(rows, draft(schema, rows, mode=import_.mode) if drafts is None else drafts)
