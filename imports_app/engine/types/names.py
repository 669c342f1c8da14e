"""Names of records, in the one form in which they are stored and compared."""

from typing import Annotated, Any
from unicodedata import combining, normalize

from pydantic import BeforeValidator

# Unicode's White_Space and the separators that Python counts as such, then characters without
# width: spaces and joiners, direction marks, the soft hyphen, the byte order mark.
BLANKS = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f"
    "\u3000"
    "\xad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)
MAX_MARKS = 30


def normal(name: str) -> str:
    """Return the name in composed form (NFC), without blanks around it, visible or not."""
    if name.isascii():
        return name.strip()
    text = name.strip(BLANKS)
    return text if _piles_up(text) else normalize("NFC", text)


def _piles_up(text: str) -> bool:
    """Return whether a character has more combining marks than any writing (30, says UAX #15).

    Normalizing sorts them in a time that grows with the square of their number: hours for one name.
    """
    if len(text) <= MAX_MARKS:
        return False
    marks = 0
    for character in text:
        marks = marks + 1 if combining(character) else 0
        if marks > MAX_MARKS:
            return True
    return False


def _normal(value: Any) -> Any:
    """Return a text's normal form; leave other values for validation to refuse."""
    return normal(value) if isinstance(value, str) else value


def _as_text(value: Any) -> Any:
    """Return an integer as the text that answers show."""
    return str(value) if type(value) is int else _normal(value)


NORMAL = BeforeValidator(_normal)
# A text by which a record is named.
Name = Annotated[str, NORMAL]
# An id that is a number, given as a number or as text: 7 or "7".
NumberedId = Annotated[str, BeforeValidator(_as_text)]
