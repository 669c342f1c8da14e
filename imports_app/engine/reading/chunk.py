"""A chunk's text, turned into rows."""

import msgspec

from imports_app.engine.reading.cells import cast_rows
from imports_app.engine.reading.rows import Rows
from imports_app.engine.reading.validating import texts_of, validate
from imports_app.engine.types import Schema, has_decimals
from imports_app.inputs.cell_form import PLAIN, CellForm
from imports_app.models import Format, ImportChunk

_split = msgspec.json.Decoder(list[msgspec.Raw])


def read(  # noqa: PLR0913  (a chunk, which part of it, and how it is written)
    schema: Schema,
    chunk: ImportChunk,
    start: int,
    limit: int,
    *,
    format_: str,
    form: CellForm = PLAIN,
) -> Rows:
    """Return the validated rows of a chunk, from that of index `start` on, at most `limit`.

    `format_` is the import's: it says whether the rows hold values or the cells of a CSV,
    and `form` how those are written.
    """
    rows = unread(schema, chunk, start, limit, format_=format_, form=form)
    is_whole = len(rows) == chunk.rows and format_ != Format.CSV and not has_decimals(schema)
    text = chunk.inputs if is_whole else texts_of(schema, rows.raws)
    validate(schema, rows, text)
    return rows


def as_sent(chunk: ImportChunk, start: int, limit: int) -> Rows:
    """Return the same rows before anything looks at them: whatever they do to a worker, this is
    safe.
    """
    place = start - chunk.first_row
    count = min(limit, chunk.rows - place)
    text = chunk.inputs
    return Rows(start, count, lambda: _split.decode(text)[place : place + count])


def unread(  # noqa: PLR0913  (see read)
    schema: Schema,
    chunk: ImportChunk,
    start: int,
    limit: int,
    *,
    format_: str,
    form: CellForm = PLAIN,
) -> Rows:
    """Return the same rows, cells cast, and none of them validated."""
    sent = as_sent(chunk, start, limit)
    if format_ != Format.CSV:
        return sent
    cells = cast_rows(schema, sent.raws, form)
    rows = Rows(start, len(sent), lambda: [each.text for each in cells])
    for place, each in enumerate(cells):
        if each.errors or each.unknown or each.dotted:
            row = rows[place]
            row.errors, row.unknown, row.dotted = each.errors, each.unknown, each.dotted
    return rows
