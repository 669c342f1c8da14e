"""The arguments of a command that say how to read a file."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from typing import Any

from imports_app.inputs import FileOptions
from imports_app.inputs.file_options import CLEAR, DATES, DECIMALS, KEEP

PLAIN = ("delimiter", "encoding", "decimal", "dates", "empty", "sheet")


def add_file_arguments(parser: ArgumentParser) -> None:
    """Add the arguments; what isn't given is detected."""
    group = parser.add_argument_group("how to read the file (by default detected)")
    group.add_argument("--delimiter", metavar="MARK", help="the delimiter of cells: , ; | or tab")
    group.add_argument("--encoding", metavar="NAME", help="the encoding, such as windows-1252")
    group.add_argument("--decimal", choices=DECIMALS, help="the decimal separator")
    group.add_argument(
        "--dates",
        choices=DATES,
        help="whether day or month is first in dates that are not ISO 8601",
    )
    group.add_argument(
        "--empty",
        choices=(KEEP, CLEAR),
        help="whether an empty cell keeps or clears the value (default: keep)",
    )
    group.add_argument(
        "--sheet", metavar="NAME", help="the sheet of a spreadsheet (default: the first one)"
    )
    group.add_argument(
        "--column",
        action="append",
        type=_column,
        default=[],
        metavar="COLUMN=ATTRIBUTE",
        help="the attribute of a column of the file; nothing after the = leaves the column out",
    )


def file_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the given options as an import's `file_options`. Raises OptionsRefused."""
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
