"""Numbers of a CSV that can be read in two ways."""

import re

import msgspec

from imports_app.engine.reading import number_attributes
from imports_app.engine.types import schema_for
from imports_app.importer import Importer
from imports_app.inputs import RowSource
from imports_app.models import Format

# One with a decimal point, or a thousand and more with a point between its groups of digits.
AMBIGUOUS = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")
# The same for all rows at once, to leave most files at that.
ANY_AMBIGUOUS = re.compile(rb"\.[0-9]{3}\"")
DECIDED = re.compile(r"[+-]?[0-9]*\.[0-9]+")
QUESTION = (
    "In row {index}, {name} is {cell}: that can mean {small} or {large}, and no other number of "
    "the file says whether a point is a decimal point. Write {small} or {large}."
)

_as_cells = msgspec.json.Decoder(dict[str, object])


def ambiguous(importer: Importer, source: RowSource) -> str | None:
    """Return what to ask about the first such number; None where nothing could be misread in
    silence.

    A single number that has another count of digits behind its point decides it for the file.
    """
    if source.format != Format.CSV or not any(map(ANY_AMBIGUOUS.search, source.rows)):
        return None
    names = number_attributes(schema_for(importer))
    question = None
    for index, row in enumerate(source.rows):
        for name, cell in _as_cells.decode(row).items():
            text = cell.strip() if name in names and isinstance(cell, str) else ""
            if AMBIGUOUS.fullmatch(text):
                question = question or _question(index, name, text)
            elif DECIDED.fullmatch(text):
                return None
    return question


def _question(index: int, name: str, cell: str) -> str:
    return QUESTION.format(
        index=index,
        name=name,
        cell=cell,
        small=cell.rstrip("0").rstrip("."),
        large=cell.replace(".", ""),
    )
