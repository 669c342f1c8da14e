"""Read files and texts, wherever an import's inputs come from, and return raw rows."""

from imports_app.inputs.file_options import FileOptions, OptionsRefused
from imports_app.inputs.formats import InputFormat, detect_format
from imports_app.inputs.reading import Reader, Rows, RowSource
from imports_app.inputs.refusals import Fault, InputsRefused, TooLarge, Unreadable
from imports_app.inputs.target import Target

__all__ = [
    "Fault",
    "FileOptions",
    "InputFormat",
    "InputsRefused",
    "OptionsRefused",
    "Reader",
    "RowSource",
    "Rows",
    "Target",
    "TooLarge",
    "Unreadable",
    "detect_format",
]
