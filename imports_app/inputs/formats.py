"""The formats of files, and how to tell them apart."""

import re
from enum import StrEnum
from pathlib import PurePath

from imports_app.inputs.refusals import Unreadable
from imports_app.models import Format

BOM = b"\xef\xbb\xbf"
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0"  # what old spreadsheets are, and other old documents
SUFFIXES = {".csv": "csv", ".tsv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson"}
# What people take for a table, by its first bytes.
NO_TABLE = {
    b"%pdf": "is a PDF: save it as CSV or as a spreadsheet",
    b"<!doctype": "is HTML: save it as CSV or as a spreadsheet",
    b"<html": "is HTML: save it as CSV or as a spreadsheet",
    b"<?xml": "is XML: save it as CSV or as a spreadsheet",
    b"{\\rtf": "is RTF: save it as CSV or as a spreadsheet",
}
JSON_ARRAY = re.compile(rb"\[\s*+[{\]]")
JSON_OBJECT = re.compile(rb'\{\s*+["}]')


class InputFormat(StrEnum):
    """How a file holds its rows."""

    CSV = "csv"
    JSON = "json"
    NDJSON = "ndjson"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"

    @property
    def stored(self) -> Format:
        """The import's own format: rows of NDJSON are JSON like any other."""
        is_json = self in (InputFormat.JSON, InputFormat.NDJSON)
        return Format.JSON if is_json else Format.CSV


TEXTS = (InputFormat.CSV, InputFormat.JSON, InputFormat.NDJSON)


def detect_format(head: bytes, name: str | None = None) -> InputFormat:
    """Return the format of a text that begins with `head`, unpacked, and has that name.

    What it begins with decides: an array is JSON, an object is NDJSON, and anything else is what
    its name ends in, or CSV. Raises Unreadable for what is no table.
    """
    text = head.removeprefix(BOM).lstrip()
    for magic, predicate in NO_TABLE.items():
        if text[: len(magic)].lower() == magic:
            raise Unreadable(predicate)
    if JSON_ARRAY.match(text):
        return InputFormat.JSON
    if JSON_OBJECT.match(text):
        return InputFormat.NDJSON
    suffix = PurePath((name or "").lower().removesuffix(".gz")).suffix
    if suffix in SUFFIXES:
        return InputFormat(SUFFIXES[suffix])
    first = text[:1]
    if first == b"[" or (suffix == ".json" and first != b"{"):
        return InputFormat.JSON
    return InputFormat.NDJSON if first == b"{" else InputFormat.CSV
