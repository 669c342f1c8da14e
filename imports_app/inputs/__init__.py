"""Files and texts in, raw rows out, wherever an import's inputs come from."""

from imports_app.inputs.formats import InputFormat, detect_format
from imports_app.inputs.reading import RowSource, read_rows
from imports_app.inputs.refusals import Fault, InputsRefused, TooLarge, Unreadable

__all__ = [
    "Fault",
    "InputFormat",
    "InputsRefused",
    "RowSource",
    "TooLarge",
    "Unreadable",
    "detect_format",
    "read_rows",
]
