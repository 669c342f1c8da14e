"""Cast cells to the JSON values that their attributes take."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from math import isfinite
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw

from imports_app.conf import conf
from imports_app.inputs.cell_form import CellForm
from imports_app.inputs.kinds import Kind
from imports_app.inputs.number_cells import is_ambiguous, number_text
from imports_app.inputs.numbers import number_fault
from imports_app.inputs.time_cells import EXAMPLES, time_text

INTEGER = re.compile(r"(-?[0-9]+)(?:\.0*)?")
CENTS = re.compile(r"-?[0-9]{1,30}\.[0-9]{1,2}")
BOOLEANS = {"true": True, "1": True, "yes": True, "y": True} | {
    "false": False,
    "0": False,
    "no": False,
    "n": False,
}
BOOLEAN_WORDS = "must be true or false (1 or 0, yes or no, y or n)"
# What spreadsheets show where a formula has no result.
SPREADSHEET_ERRORS = frozenset(
    (
        *("#N/A", "#NV", "#N/D", "#ND", "#REF!", "#BEZUG!", "#VALUE!", "#WERT!", "#VALEUR!"),
        *("#NAME?", "#NOM?", "#DIV/0!", "#NUM!", "#ZAHL!", "#NULL!", "#SPILL!", "#CALC!"),
        *("#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#GETTING_DATA"),
    )
)
NUMBERED_ERROR = re.compile(r"Err:5[0-9]{2}")  # LibreOffice's own
LONGEST_SHOWN = 50  # characters of a cell in a message
CACHED = 4_096  # cells of a column

Cast = Callable[[Any], Any]


# Stands for a cell that has nothing in it.
ABSENT = object()


class Misfit(NamedTuple):
    """The reason why a cell is not a valid value of its attribute."""

    code: str
    message: str


@lru_cache(4_096)
def cast_of(kind: Kind, form: CellForm) -> Cast:
    """Return what makes a value of a cell of that kind: text, what a spreadsheet's cell holds, or
    the cells of dotted columns.
    """
    of_text = lru_cache(CACHED)(_of_text(kind, form))

    def cast(cell: Any) -> Any:
        if isinstance(cell, str):
            return of_text(cell)
        if isinstance(cell, dict):
            return _nested(kind, form, cell)
        return _typed(kind, cell)

    return cast


def keeps_text(kind: Kind) -> bool:
    """Return whether any cell of that kind but a spreadsheet's error is its own value."""
    return kind.is_text and not kind.is_time and not kind.is_anything


def shown(cell: Any) -> str:
    """Return the cell as a message repeats it."""
    text = str(cell)
    return f"'{text}'" if len(text) <= LONGEST_SHOWN else f"'{text[:LONGEST_SHOWN]}…'"


def is_spreadsheet_error(cell: str) -> bool:
    """Return whether a spreadsheet says there that a formula has no result."""
    text = cell.strip()
    return text in SPREADSHEET_ERRORS or bool(NUMBERED_ERROR.fullmatch(text))


def _of_text(kind: Kind, form: CellForm) -> Callable[[str], Any]:
    own = _caster(kind, form)
    keeps_blanks = keeps_text(kind)

    def cast(cell: str) -> Any:
        if not keeps_blanks and cell.isspace():
            return ABSENT
        if is_spreadsheet_error(cell):
            return Misfit("spreadsheet_error", f"is the error {cell.strip()} of a spreadsheet")
        return own(cell)

    return cast


def _caster(kind: Kind, form: CellForm) -> Callable[[str], Any]:
    if kind.is_time:
        return lambda cell: _time(cell, kind, form)
    if kind.is_text:
        return (lambda cell: _compound(cell, kind)) if kind.is_anything else (lambda cell: cell)
    if "boolean" in kind.types:
        return _boolean
    if kind.is_number:
        return lambda cell: _number(cell, kind, form)
    if kind.types & {"object", "array"}:
        return lambda cell: _compound(cell, kind)
    return lambda cell: cell


def _time(cell: str, kind: Kind, form: CellForm) -> Any:
    value = time_text(cell, form.dates, is_date=kind.format == "date")
    if value is not None:
        return value
    message = f"is no date: {shown(cell)}; {EXAMPLES}"
    if form.dates is None:
        message += ", or say in file_options[dates] that the day (dmy) or the month (mdy) is first"
    return Misfit("invalid_datetime", message)


def _boolean(cell: str) -> Any:
    value = BOOLEANS.get(cell.strip().lower())
    if value is None:
        return Misfit("not_a_boolean", f"{BOOLEAN_WORDS}, and is {shown(cell)}")
    return value


def _number(cell: str, kind: Kind, form: CellForm) -> Any:
    text = number_text(cell, form.decimal)
    if text is None:
        return _no_number(cell, kind, form)
    if "number" in kind.types:
        if kind.is_exact:
            return text
        return Raw(text.encode()) if isfinite(float(text)) else _no_number(cell, kind, form)
    if match := INTEGER.fullmatch(text):
        return Raw(match[1].encode())
    if kind.name.endswith("_cents") and CENTS.fullmatch(text):
        whole, _, places = text.partition(".")
        cents = int(f"{whole}{places.ljust(2, '0')}")
        message = f"is in cents, a whole number, and is {shown(cell)}: that would be {cents}"
        return Misfit("not_an_integer", message)
    return Misfit("not_an_integer", f"must be an integer, such as 12, and is {shown(cell)}")


def _no_number(cell: str, kind: Kind, form: CellForm) -> Misfit:
    if form.decimal is None and is_ambiguous(cell):
        message = f"is {shown(cell)}, which can be two numbers: set file_options[decimal]"
        return Misfit("ambiguous_number", message)
    if "number" not in kind.types:
        return Misfit("not_an_integer", f"must be an integer, such as 12, and is {shown(cell)}")
    example = f"12{form.decimal or '.'}5"
    return Misfit("not_a_number", f"is not a number: {shown(cell)}; write one such as {example}")


def _compound(cell: str, kind: Kind) -> Any:
    """Return what is JSON as that; other text is a list's items, where those may be text."""
    text = cell.strip()
    if text.startswith(("{", "[")):
        return cell if (value := _json(text)) is None else value
    if kind.items and kind.items.is_text and "object" not in kind.types:
        return [part.strip() for part in text.split(",") if part.strip()]
    return cell


def _typed(kind: Kind, cell: Any) -> Any:
    """Return the value of a spreadsheet's cell that holds a number or a truth value, or null."""
    if cell is None or isinstance(cell, list):
        return cell
    if kind.is_time:
        return Misfit("invalid_datetime", f"is no date: {shown(cell)}; {EXAMPLES}")
    if "boolean" in kind.types and cell in (0, 1):
        return bool(cell)
    if isinstance(cell, bool):
        return str(cell).lower() if kind.is_text else cell
    if kind.is_text or kind.is_exact:
        return str(cell)
    return cell if kind.is_number else str(cell)


def _nested(kind: Kind, form: CellForm, cell: Mapping[str, Any]) -> Any:
    if kind.items:
        return [_nested(kind.items, form, cell)]  # a row of a CSV has room for one
    values = {}
    for name, inner in cell.items():
        member = kind.members.get(name)
        value = cast_of(member, form)(inner) if member else inner
        if isinstance(value, Misfit):
            return Misfit(value.code, f"{name} {value.message}")
        if value is not ABSENT:
            values[name] = value
    return values


def _json(text: str) -> Raw | None:
    """Return the text, if it is JSON that a request could hold: in its depth, in its numbers."""
    encoded = text.encode()
    try:
        value = msgspec.json.decode(encoded)
    except (msgspec.MsgspecError, RecursionError):
        return None
    if number_fault(encoded) or _nests_deeper(value, conf.max_depth):
        return None
    return Raw(encoded)


def _nests_deeper(value: Any, limit: int) -> bool:
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return False
    return limit == 0 or any(_nests_deeper(inner, limit - 1) for inner in value)
