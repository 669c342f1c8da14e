"""Files and texts in, raw rows out, wherever an import's inputs come from."""

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
