"""A spreadsheet in which rows of a type are written: its columns with notes and lists of values."""

import re
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from typing import Any

from imports_app.importer import Importer
from imports_app.outputs.examples import Told, told_of

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXAMPLE = "Example"
MAX_ROWS = 1_048_576  # of a sheet
MAX_CHARACTERS = 32_767  # of a cell
MAX_LIST = 255  # characters of a list of values
LONGEST_NAME = 31  # of a sheet
NO_NAME = re.compile(r"[\[\]:*?/\\']")
WIDTH = 18  # characters that a column shows


def can_write() -> bool:
    """Return whether the package is there that writes spreadsheets: the extra `files`."""
    return find_spec("xlsxwriter") is not None


def workbook(importer: Importer, columns: Sequence[str]) -> bytes:
    """Return an xlsx with the header alone; an example stands in a second sheet, so that nobody
    imports it.
    """
    told = told_of(importer, [*columns])
    stream = BytesIO()
    with _new(stream) as book:
        sheet = _sheet(book, importer.resource_type, columns)
        example = _sheet(book, EXAMPLE, columns)
        for place, one in enumerate(told):
            _tell(sheet, place, one)
            if one.example is not None:
                example.write(1, place, one.example)
    return stream.getvalue()


def table_book(name: str, columns: Sequence[str]) -> bytes:
    """Return an xlsx with that header alone."""
    stream = BytesIO()
    with _new(stream) as book:
        _sheet(book, name, columns)
    return stream.getvalue()


def _new(stream: BytesIO) -> Any:
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    return import_module("xlsxwriter").Workbook(stream, options)


def _sheet(book: Any, name: str, columns: Sequence[str]) -> Any:
    sheet = book.add_worksheet(NO_NAME.sub("_", name)[:LONGEST_NAME])
    sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(columns) - 1, 0), WIDTH)
    return sheet


def _tell(sheet: Any, place: int, told: Told) -> None:
    sheet.write_comment(0, place, told.note)
    if told.choices and len(",".join(told.choices)) <= MAX_LIST:
        # Other values are let through: `yes` is as good as `true`.
        listed = {"validate": "list", "source": [*told.choices], "error_type": "information"}
        sheet.data_validation(1, place, MAX_ROWS - 1, place, listed)
