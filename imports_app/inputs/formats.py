"""The formats of files, and how to tell them apart."""

from enum import StrEnum
from pathlib import PurePath

from imports_app.inputs.refusals import Unreadable
from imports_app.models import Format

BOM = b"\xef\xbb\xbf"
SUFFIXES = {".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson"}
# What people take for text, by its first bytes.
NO_TEXT = {
    b"\xff\xfe": "is UTF-16: save it as UTF-8",
    b"\xfe\xff": "is UTF-16: save it as UTF-8",
    b"PK\x03\x04": "is an archive or a spreadsheet: save it as CSV",
    b"%PDF": "is a PDF: save it as CSV",
}


class InputFormat(StrEnum):
    """How a file holds its rows."""

    CSV = "csv"
    JSON = "json"
    NDJSON = "ndjson"

    @property
    def stored(self) -> Format:
        """The import's own format: rows of NDJSON are JSON like any other."""
        return Format.CSV if self is InputFormat.CSV else Format.JSON


def detect_format(head: bytes, name: str | None = None) -> InputFormat:
    """Return the format of a text that begins with `head`, unpacked, and has that name.

    A name in .csv, .ndjson or .jsonl (behind it .gz) decides; else what the text begins with: `[`
    is JSON, `{` is NDJSON, anything else is CSV. Raises Unreadable for what is no text.
    """
    for magic, predicate in NO_TEXT.items():
        if head.startswith(magic):
            raise Unreadable(predicate)
    suffix = PurePath((name or "").lower().removesuffix(".gz")).suffix
    if suffix in SUFFIXES:
        return InputFormat(SUFFIXES[suffix])
    first = head.removeprefix(BOM).lstrip()[:1]
    if first == b"[" or (suffix == ".json" and first != b"{"):
        return InputFormat.JSON
    return InputFormat.NDJSON if first == b"{" else InputFormat.CSV
