"""Rows as the cells of a CSV, safe in a spreadsheet too."""

import re
from collections.abc import Collection, Iterable, Iterator

import msgspec
from msgspec import Raw

# The column of a file in which apostrophes stand before cells; a file without it has its own.
SIGN = "_formulas_quoted"
# What a spreadsheet takes for the start of a formula, in full width too, and behind blanks, which
# some leave out. One more apostrophe for a cell that looks like a quoted one: so the first is taken
# away again, whatever a cell was.
FORMULA = re.compile(r"'*[\s\u200b\ufeff]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")

_as_members = msgspec.json.Decoder(dict[str, Raw])


def cells_of(row: bytes, whole: Collection[str] = ()) -> dict[str, str]:
    """Return the row's cells by column; text inside an object has a dotted one: `metadata.color`.

    Numbers are as they were sent, null is an empty cell; arrays, objects that hold anything but
    text, and the attributes in `whole` are JSON text. So a cell that is read again is
    what it was: a dotted one is taken for text, an empty one for nothing.
    """
    return {column: cell_text(text) for column, text in texts_of(row, whole).items()}


def texts_of(row: bytes, whole: Collection[str] = ()) -> dict[str, bytes]:
    """Return the same cells, each as the JSON text of its value."""
    return dict(_flattened(_as_members.decode(row), "", whole))


def clashing(columns: Iterable[str]) -> set[str]:
    """Return the attributes of which one column would be part of another: `metadata`, where there
    are
    `metadata.size` and `metadata.size.eu`.
    """
    leaves = set(columns)
    return {attribute_of(column) for column in leaves if not leaves.isdisjoint(_prefixes(column))}


def attribute_of(column: str) -> str:
    """Return `a` for `a.b.c`."""
    return column.partition(".")[0]


def _prefixes(column: str) -> Iterator[str]:
    """Yield `a` and `a.b` for `a.b.c`."""
    for position, character in enumerate(column):
        if character == ".":
            yield column[:position]


def harmless(cell: str) -> str:
    """Return the cell, with an apostrophe before what a spreadsheet would carry out; numbers stay,
    but
    for one with a plus, which could be that of a telephone.
    """
    if FORMULA.match(cell) and not NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def restored(cell: str) -> str:
    """Return the cell that `harmless` made this of."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def _flattened(
    members: dict[str, Raw], prefix: str, whole: Collection[str]
) -> Iterator[tuple[str, bytes]]:
    for name, value in members.items():
        column = f"{prefix}{name}"
        text = bytes(value)
        if text.startswith(b"{") and column not in whole and _is_all_text(text):
            yield from _flattened(_as_members.decode(text), f"{column}.", whole)
        else:
            yield column, text


def _is_all_text(text: bytes) -> bool:
    """Return whether it is text with anything in it, or an object of such, under names fit for
    columns.
    """
    if not text.startswith(b"{"):
        return text.startswith(b'"') and text != b'""'
    members = _as_members.decode(text)
    return bool(members) and all(
        _is_column(name) and _is_all_text(bytes(value)) for name, value in members.items()
    )


def _is_column(name: str) -> bool:
    return "." not in name and name.isprintable() and "" != name == name.strip()


def cell_text(text: bytes) -> str:
    """Return the text that a cell has for a value."""
    if text == b"null":
        return ""
    return msgspec.json.decode(text, type=str) if text.startswith(b'"') else text.decode()
