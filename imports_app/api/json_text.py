"""Questions about JSON text that nobody wants to decode for the answer."""

import re

STRING_OR_BRACKET = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[{]|[\]}]')
ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(?P<half>u[dD][89a-fA-F])|.)", re.DOTALL
)


def nests_deeper(text: bytes, limit: int) -> bool:
    """Whether objects and arrays stand in one another more than `limit` deep, in valid JSON."""
    if text.count(b"{") + text.count(b"[") <= limit:  # nearly always, and far quicker
        return False
    depth = 0
    for token in STRING_OR_BRACKET.finditer(text):
        start = token[0][:1]
        if start in b"{[":
            depth += 1
        elif start in b"}]":
            depth -= 1
        if depth > limit:
            return True
    return False


def has_lone_surrogate(text: bytes) -> bool:
    """Whether an escape is one half of a surrogate pair whose other half isn't there."""
    return any(escape["half"] for escape in ESCAPE.finditer(text))
