"""The file of failed rows, mended, as it comes back to the page that mends them."""

from collections.abc import Iterator
from typing import IO, Any

import msgspec
from msgspec import Raw

from imports_app.admin.mending.edits import Members, Mending, text_of
from imports_app.admin.mending.grid import edit
from imports_app.engine.reading import target_of
from imports_app.engine.types import schema_for
from imports_app.inputs import FileOptions, Reader
from imports_app.mending import MendedRows, cell_options
from imports_app.storage.failures import LeftUndone, failed_rows

AT_A_TIME = 500  # rows

_as_members = msgspec.json.Decoder(Members)


def take_file(mending: Mending, stream: IO[bytes], name: str) -> int:
    """Take over the cells of the rows in the file that are not as they stand, and return how many
    rows it has.

    Raises InputsRefused for rows that stand for none that failed, Unreadable, DraftsFull.
    """
    import_ = mending.import_
    has_parent = import_.parent_resource_id is not None
    reader = Reader(
        target=target_of(schema_for(mending.importer), has_parent=has_parent),
        options=FileOptions.of(cell_options(import_)),
    )
    mended = MendedRows(LeftUndone(import_), reader.read(stream, name))
    decimal = (import_.file or {}).get("decimal")
    texts: dict[int, dict[str, str]] = {}
    for (index, before), row in zip(_before(mending, mended), mended.rows, strict=True):
        cells = {attribute: _text(value, decimal) for attribute, value in _members(row).items()}
        # What the file no longer has of a row is an empty cell.
        texts[index] = dict.fromkeys(before, "") | cells
        if len(texts) == AT_A_TIME:
            edit(mending, texts)
            texts.clear()
    edit(mending, texts)
    return len(mended)


def _before(mending: Mending, mended: MendedRows) -> Iterator[tuple[int, Members]]:
    """Yield the rows that failed, in the order of those that stand for them."""
    wanted = set(mended.indexes)
    rows = {
        failure.index: _members(row) if row is not None else {}
        for failure, row in failed_rows(mending.import_)
        if failure.index in wanted
    }
    return ((index, rows[index]) for index in mended.indexes)


def _members(row: Any) -> Members:
    return _as_members.decode(bytes(row))


def _text(value: Raw, decimal: str | None) -> str:
    """Return the cell as the import's file writes it: a spreadsheet's number has no sign of its
    own.
    """
    text = text_of(value)
    is_number = bytes(value)[:1] not in b'"[{tfn'
    return text.replace(".", decimal) if decimal and is_number else text
