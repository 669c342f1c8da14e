"""The rows that changed nothing. They are neither among the changes nor among the failures."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import msgspec
from django.db.models import F
from django.utils.text import Truncator

from imports_app.models import Import, ImportChunk
from imports_app.models.keyset import in_pages
from imports_app.outputs.texts import row_of
from imports_app.registry import importers
from imports_app.storage.changes import opened
from imports_app.storage.lines import unpack

ROWS_A_PAGE = 50
MAX_CHARACTERS = 1_000

_split = msgspec.json.Decoder(list[msgspec.Raw])


class UntouchedRow(NamedTuple):
    """A row that changed nothing: its index, and its line if it came in a file."""

    number: int
    line: int | None
    text: str


class Page(NamedTuple):
    """A page of rows. `following` is where the next page begins; None at the end."""

    rows: list[UntouchedRow]
    following: int | None


def page_of(import_: Import, start: int, text: str) -> Page:
    """Return the page that begins at the index `start`. Its rows contain the text, in any case.

    The page is empty if the inputs were pruned. It is empty, too, if their type isn't registered,
    because its secrets are unknown then. Raises SealBroken.
    """
    if import_.resource_type not in importers:
        return Page([], None)
    wanted = text.casefold()
    found = (row for row in _rows(import_, start) if wanted in row.text.casefold())
    some = list(islice(found, ROWS_A_PAGE + 1))
    following = some[ROWS_A_PAGE].number if len(some) > ROWS_A_PAGE else None
    return Page(
        [
            row._replace(text=Truncator(row.text).chars(MAX_CHARACTERS))
            for row in some[:ROWS_A_PAGE]
        ],
        following,
    )


def _rows(import_: Import, start: int) -> Iterator[UntouchedRow]:
    chunks = import_.chunks.filter(first_row__gt=start - F("rows"))
    for chunk in in_pages(chunks, "first_row", 1):
        others = _touched(import_, chunk)
        lines = unpack(chunk.lines, chunk.rows)
        last = min(chunk.first_row + chunk.rows, import_.rows_done)
        rows = _split.decode(chunk.inputs)
        for index in range(max(start, chunk.first_row), last):
            if index not in others:
                place = index - chunk.first_row
                row = row_of(bytes(rows[place]), import_.resource_type)
                yield UntouchedRow(index, lines[place] if lines else None, row.decode())


def _touched(import_: Import, chunk: ImportChunk) -> set[int | None]:
    """Return the indexes of those rows of the chunk that changed something or failed.

    A transaction's number is the index of its first row, and no transaction leaves its chunk.
    """
    end = chunk.first_row + chunk.rows
    kept = import_.kept_changes.filter(number__gte=chunk.first_row, number__lt=end)
    touched = {index for row in kept for group in opened(row) for index in group.indexes}
    failures = import_.failures.filter(index__gte=chunk.first_row, index__lt=end)
    return touched | set(failures.values_list("index", flat=True))
