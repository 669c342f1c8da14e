"""The arguments by which a command is told how to read a file."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from typing import Any

from imports_app.inputs import FileOptions
from imports_app.inputs.file_options import CLEAR, DATES, DECIMALS, KEEP

PLAIN = ("delimiter", "encoding", "decimal", "dates", "empty", "sheet")


def add_file_arguments(parser: ArgumentParser) -> None:
    """Add them; what isn't given is found out."""
    group = parser.add_argument_group("how the file is to be read, where that is not found out")
    group.add_argument("--delimiter", metavar="MARK", help="what is between cells: , ; | or tab")
    group.add_argument("--encoding", metavar="NAME", help="such as windows-1252")
    group.add_argument("--decimal", choices=DECIMALS, help="the sign before decimal places")
    group.add_argument(
        "--dates", choices=DATES, help="what is first in dates that are not ISO 8601: day or month"
    )
    group.add_argument(
        "--empty", choices=(KEEP, CLEAR), help="what an empty cell does to a value (default: keep)"
    )
    group.add_argument("--sheet", metavar="NAME", help="of a spreadsheet (default: its first one)")
    group.add_argument(
        "--column",
        action="append",
        type=_column,
        default=[],
        metavar="COLUMN=ATTRIBUTE",
        help="which attribute a column of the file is for; nothing behind the = leaves it out",
    )


def file_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was given, as an import's `file_options`. Raises OptionsRefused."""
    given = {name: options[name] for name in PLAIN if options[name] is not None}
    if columns := dict(options["column"]):
        given["columns"] = columns
    FileOptions.of(given)
    return given


def _column(text: str) -> tuple[str, str | None]:
    name, equals, attribute = text.rpartition("=")
    if not equals or not name.strip():
        raise ArgumentTypeError(f"{text!r} is not COLUMN=ATTRIBUTE")
    return name.strip(), attribute.strip() or None
