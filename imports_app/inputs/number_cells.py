"""Numbers as people write them in cells: with a decimal point or comma, and in groups of three."""

import re
from functools import cache

# As long as anybody's numbers; Python refuses to read thousands of digits.
DIGITS = r"[0-9]{1,400}"
BLANKS = "\u0020\u00a0\u202f\u2009'\u2019"  # that people put between groups of digits
EXPONENT = r"(?:[eE][+-]?[0-9]{1,4})?"
# One with a decimal sign, or a thousand and more with a sign between its groups of digits.
AMBIGUOUS = re.compile(r"[+-]?[1-9][0-9]{0,2}([.,])[0-9]{3}")
PLACES = re.compile(rf"[+-]?[0-9]*([.,])[0-9]+{EXPONENT}")
GROUPS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:([.,])[0-9]{3}){2,}")
BOTH = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:([.,])[0-9]{3})+(?!\1)([.,])[0-9]*")
OTHER = {".": ",", ",": "."}


def sign_of(cell: str) -> str | None:
    """Return the decimal sign that the cell can only have been written with; None if it may be
    either, or is no number with one.
    """
    text = cell.strip()
    if AMBIGUOUS.fullmatch(text):
        return None
    if match := PLACES.fullmatch(text):
        return match[1]
    if match := GROUPS.fullmatch(text):
        return OTHER[match[1]]
    return match[2] if (match := BOTH.fullmatch(text)) else None


def is_ambiguous(cell: str) -> bool:
    """Return whether it is another number with a decimal point than with a decimal comma."""
    return AMBIGUOUS.fullmatch(cell.strip()) is not None


def number_text(cell: str, decimal: str | None) -> str | None:
    """Return the number as JSON has it; None if it is none, or may be another one."""
    text = cell.strip()
    if decimal is None and AMBIGUOUS.fullmatch(text):
        return None
    match = _number(decimal or ".").fullmatch(text)
    if match is None:
        return None
    sign, whole, places, exponent = match.group("sign", "whole", "places", "exponent")
    digits = re.sub(r"[^0-9]", "", whole).lstrip("0") or "0"
    minus = "-" if sign == "-" else ""
    return f"{minus}{digits}{f'.{places}' if places else ''}{exponent or ''}"


@cache
def _number(decimal: str) -> "re.Pattern[str]":
    between = f"(?P<between>[{BLANKS}{OTHER[decimal]}])"
    grouped = rf"[0-9]{{1,3}}{between}[0-9]{{3}}(?:(?P=between)[0-9]{{3}})*"
    point = re.escape(decimal)
    return re.compile(
        rf"(?P<sign>[+-]?)(?P<whole>{grouped}|{DIGITS}|(?={point}[0-9]))"
        rf"(?:{point}(?P<places>[0-9]{{0,400}}))?(?P<exponent>{EXPONENT})"
    )
