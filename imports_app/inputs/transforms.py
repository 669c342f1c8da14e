"""What may be done to the cells of a column, where they are written in another way than its
attribute is: `file_options.transforms`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from imports_app.inputs.casting import ABSENT, Cast, Misfit, cast_of, is_spreadsheet_error, shown
from imports_app.inputs.cell_form import CellForm
from imports_app.inputs.file_options import CLEAR, DATES
from imports_app.inputs.kinds import Kind
from imports_app.inputs.number_cells import number_text

CENTS, WORDS, SPLIT = "cents", "words", "split"
CURRENCY = re.compile(r"^[A-Z]{3}(?=[\s0-9.,+-])|(?<=[\s0-9.,])[A-Z]{3}$|[€$£¥]")
BETWEEN = re.compile(r"[,;|\n]")
CENTS_IN_ONE = 100
YES = frozenset(("true", "1", "yes", "y", "on", "x", "ja", "j", "wahr", "oui", "o", "vrai"))


YES |= frozenset(("sí", "si", "s", "verdadero", "sì", "vero", "sim", "verdadeiro", "tak", "da"))
NO = frozenset(("false", "0", "no", "n", "off", "-", "nein", "falsch", "non", "faux", "nee"))
NO |= frozenset(("falso", "não", "nao", "nie", "ne", "nej"))


def suits(transform: str, kind: Kind) -> bool:
    """Return whether it makes values of that kind."""
    if transform == CENTS:
        return kind.is_number and "number" not in kind.types
    if transform in DATES:
        return kind.is_time
    if transform == WORDS:
        return "boolean" in kind.types and not kind.is_text
    if transform == SPLIT:
        return bool(kind.items and kind.items.is_text and "object" not in kind.types)
    return transform == CLEAR


def transformed(kind: Kind, form: CellForm, transform: str) -> Cast:
    """Return what makes a value of a cell of that kind, or a Misfit."""
    if transform in DATES:
        return cast_of(kind, replace(form, dates=transform))
    own = _OF_TEXT[transform]

    def cast(cell: Any) -> Any:
        if cell is None or isinstance(cell, list | dict):
            return cell
        text = str(cell).strip()
        if not text:
            return ABSENT
        if is_spreadsheet_error(text):
            return Misfit("spreadsheet_error", f"is the error {text} of a spreadsheet")
        return own(text, form)

    return cast


def without_currency(cell: str) -> str:
    """Return the number in a cell that says its currency."""
    return CURRENCY.sub("", cell.strip()).strip()


def _cents(text: str, form: CellForm) -> Any:
    number = number_text(without_currency(text), form.decimal)
    cents = Decimal(number) * CENTS_IN_ONE if number and "e" not in number.lower() else None
    if cents is None or cents != cents.to_integral_value():
        example = f"12{form.decimal or '.'}50"
        return Misfit("not_an_amount", f"is not an amount such as {example}: {shown(text)}")
    return int(cents)


def _word(text: str, _form: CellForm) -> Any:
    word = text.casefold()
    if word in YES or word in NO:
        return word in YES
    return Misfit("not_a_boolean", f"is not a known word for yes or no: {shown(text)}")


def _parts(text: str, _form: CellForm) -> Any:
    return [part.strip() for part in BETWEEN.split(text) if part.strip()]


_OF_TEXT: Mapping[str, Callable[[str, CellForm], Any]] = {
    CENTS: _cents,
    WORDS: _word,
    SPLIT: _parts,
}


def casts_of(kinds: Mapping[str, Kind], form: CellForm) -> Mapping[str, Cast]:
    """Return for each attribute what makes its value, or a Misfit, of a cell."""
    casts = {name: cast_of(kind, form) for name, kind in kinds.items()}
    casts |= {
        name: transformed(kinds[name], form, each)
        for name, each in form.transforms
        if name in kinds
    }
    return casts | {name: _unless(cells, casts[name]) for name, cells in form.doubled}


def _unless(doubled: frozenset[str], cast: Cast) -> Cast:
    def checked(cell: Any) -> Any:
        if str(cell).strip() in doubled:
            text = f"is {shown(cell)} in several rows: the last digits were lost in a spreadsheet"
            return Misfit("digits_lost", text)
        return cast(cell)

    return checked
