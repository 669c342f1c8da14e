"""Rows as the cells of a CSV, safe in a spreadsheet too."""

import re
from collections.abc import Collection, Iterable, Iterator

import msgspec
from msgspec import Raw

# What a spreadsheet takes for the start of a formula. One more apostrophe for a cell that looks
# like an escaped one: so the first is taken away again, whatever a cell was.
FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")

_as_members = msgspec.json.Decoder(dict[str, Raw])


def cells_of(row: bytes, whole: Collection[str] = ()) -> dict[str, str]:
    """The row's cells by column; what is inside an object has a dotted one: `metadata.color`.

    Numbers are as they were sent, null is an empty cell; arrays, empty objects and those whose
    columns are in `whole` are JSON text.
    """
    return dict(_flattened(_as_members.decode(row), "", whole))


def clashing(columns: Iterable[str]) -> set[str]:
    """The columns that others are parts of, as `metadata` is beside `metadata.color`."""
    leaves = set(columns)
    return {part for column in leaves for part in prefixes(column) if part in leaves}


def prefixes(column: str) -> Iterator[str]:
    """`a` and `a.b` for `a.b.c`."""
    for position, character in enumerate(column):
        if character == ".":
            yield column[:position]


def harmless(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would carry out; numbers stay."""
    if FORMULA.match(cell) and not NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def _flattened(
    members: dict[str, Raw], prefix: str, whole: Collection[str]
) -> Iterator[tuple[str, str]]:
    for name, value in members.items():
        column = f"{prefix}{name}"
        text = bytes(value)
        is_object = text.startswith(b"{") and column not in whole
        if nested := _as_members.decode(text) if is_object else None:
            yield from _flattened(nested, f"{column}.", whole)
        else:
            yield column, _cell(text)


def _cell(text: bytes) -> str:
    if text == b"null":
        return ""
    return msgspec.json.decode(text, type=str) if text.startswith(b'"') else text.decode()
