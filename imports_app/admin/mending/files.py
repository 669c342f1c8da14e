"""Reads an uploaded file of mended rows."""

from typing import IO

import msgspec
from msgspec import Raw

from imports_app.admin.mending.edits import Members, Mending, text_of
from imports_app.admin.mending.grid import edit
from imports_app.engine.reading import target_of
from imports_app.engine.types import schema_for
from imports_app.inputs import FileOptions, Reader
from imports_app.services.mending import MendedRows, cell_options
from imports_app.storage.failures import LeftUndone

AT_A_TIME = 500  # rows

_as_members = msgspec.json.Decoder(Members)


def take_file(mending: Mending, stream: IO[bytes], name: str) -> int:
    """Take over those cells of the file that differ, and return the number of its rows.

    Raises Unreadable, DraftsFull; InputsRefused if a row replaces no failed row.
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
    for index, row in zip(mended.indexes, mended.rows, strict=True):
        members = _as_members.decode(row)
        texts[index] = {name: _text(value, decimal) for name, value in members.items()}
        if len(texts) == AT_A_TIME:
            edit(mending, texts, are_whole=True)
            texts.clear()
    edit(mending, texts, are_whole=True)
    return len(mended)


def _text(value: Raw, decimal: str | None) -> str:
    """Return the cell as the import's file writes it: numbers with that file's decimal sign."""
    text = text_of(value)
    is_number = bytes(value)[:1] not in b'"[{tfn'
    return text.replace(".", decimal) if decimal and is_number else text
