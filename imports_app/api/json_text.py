"""Questions about JSON text that nobody wants to decode for the answer."""

import re

AS_ONE_KIND = bytes.maketrans(b"{}", b"[]")
ALL_BUT_BRACKETS_AND_QUOTES = bytes(set(range(256)) - set(b'[]{}"'))
STRING = re.compile(rb'"[^"]*"')
SURROGATES = re.compile(
    rb"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(?P<half>\\u[dD][89a-fA-F])", re.DOTALL
)


def nests_deeper(text: bytes, limit: int) -> bool:
    """Whether objects and arrays stand in one another more than `limit` deep, in valid JSON."""
    if text.count(b"{") + text.count(b"[") <= limit:  # nearly always, and far quicker
        return False
    brackets = _brackets(text)
    for _ in range(limit):
        brackets = brackets.replace(b"[]", b"")  # the innermost level
        if not brackets:
            break
    return bool(brackets)


def _brackets(text: bytes) -> bytes:
    """The brackets outside of strings, as square ones. Single steps in C: a loop takes minutes."""
    without_escapes = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    skeleton = without_escapes.translate(AS_ONE_KIND, ALL_BUT_BRACKETS_AND_QUOTES)
    # Two quotes side by side are an empty string, or nothing between two strings.
    return STRING.sub(b"", skeleton.replace(b'""', b""))


def has_lone_surrogate(text: bytes) -> bool:
    """Whether an escape is one half of a surrogate pair whose other half isn't there."""
    without_backslashes = text.replace(b"\\\\", b"")  # those that are meant, not escapes
    return any(found["half"] for found in SURROGATES.finditer(without_backslashes))
