"""Questions about JSON text that nobody wants to decode for the answer."""

import codecs
import re

import msgspec

from imports_app.inputs.refusals import Unreadable

SPACE = b" \t\r\n"  # what may stand around JSON
PIECE = 1024 * 1024  # bytes
AS_ONE_KIND = bytes.maketrans(b"{}", b"[]")
ALL_BUT_BRACKETS_AND_QUOTES = bytes(set(range(256)) - set(b'[]{}"'))
STRING = re.compile(rb'"[^"]*"')
SURROGATES = re.compile(
    rb"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(?P<half>\\u[dD][89a-fA-F])", re.DOTALL
)


def nests_deeper(text: bytes, limit: int) -> bool:
    """Return whether objects and arrays stand in one another more than `limit` deep, in valid
    JSON.
    """
    if text.count(b"{") + text.count(b"[") <= limit:  # nearly always, and far quicker
        return False
    brackets = _brackets(text)
    for _ in range(limit):
        brackets = brackets.replace(b"[]", b"")  # the innermost level
        if not brackets:
            break
    return bool(brackets)


def _brackets(text: bytes) -> bytes:
    """Return the brackets outside of strings, as square ones. Single steps in C: a loop takes
    minutes.
    """
    without_escapes = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    skeleton = without_escapes.translate(AS_ONE_KIND, ALL_BUT_BRACKETS_AND_QUOTES)
    # Two quotes side by side are an empty string, or nothing between two strings.
    return STRING.sub(b"", skeleton.replace(b'""', b""))


def has_lone_surrogate(text: bytes) -> bool:
    """Return whether an escape is one half of a surrogate pair whose other half isn't there."""
    without_backslashes = text.replace(b"\\\\", b"")  # those that are meant, not escapes
    return any(found["half"] for found in SURROGATES.finditer(without_backslashes))


def first_invalid_byte(text: bytes) -> int | None:
    """Return where the text is not UTF-8; None if it is. Never more than a piece of it is
    decoded.
    """
    if text.isascii():
        return None
    view = memoryview(text)
    position = 0
    while position < len(text):
        end = position + PIECE
        try:
            _, used = codecs.utf_8_decode(view[position:end], "strict", end >= len(text))
        except UnicodeDecodeError as error:
            return position + error.start
        position += used
    return None


def check_utf8(text: bytes) -> None:
    """Raise Unreadable for a text that is not UTF-8."""
    if (position := first_invalid_byte(text)) is not None:
        raise Unreadable(f"is not UTF-8 (byte {position})")


def not_json(text: bytes, error: msgspec.DecodeError) -> Unreadable:
    """Return the refusal of a text that a decoder raised that error about."""
    if has_lone_surrogate(text):
        return Unreadable("is not JSON: a string holds one half of a surrogate pair")
    return Unreadable(f"is not JSON: {error}")
