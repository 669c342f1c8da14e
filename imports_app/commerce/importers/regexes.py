"""Regexes that clients send.

Nothing here matches with them, so none is compiled: how long that takes is up to the sender, and
the dialect up to whoever matches. What is a mistake in each of them is found in time that grows
with the length alone; see docs/decisions/regexes.md.
"""

import re
from typing import Annotated

from pydantic import AfterValidator

from imports_app.commerce.importers.base import Text

MAX_DEPTH = 50  # groups in one another
MAX_REPEAT = 100_000  # the most that any dialect takes

# An escaped character, or a set: neither has parts that mean anything outside of it.
ATOM = r"\\.|\[\^?\]?(?:[^\]\\]++|\\.)*+\]"
ATOMS = re.compile(ATOM, re.DOTALL)
COMPLETE = re.compile(rf"(?:[^\[\\]++|{ATOM})*+", re.DOTALL)
ALL_BUT_GROUPS = re.compile(r"[^()]++")
NOTHING_TO_REPEAT = re.compile(r"(?:^|[(|])[*+]|^\?|\|\?")
BOUND = re.compile(r"\{([0-9]++)(?:,([0-9]*+))?\}")
RANGE = re.compile(r"([0-9A-Za-z])-([0-9A-Za-z])")


def _check(pattern: str) -> str:
    """Raise ValueError for what is no regex in any dialect."""
    if not COMPLETE.fullmatch(pattern):  # a set that isn't closed, a backslash at the end
        raise ValueError("is invalid")
    outside = ATOMS.sub("x", pattern)
    sound = (
        _is_balanced(outside)
        and not NOTHING_TO_REPEAT.search(outside)
        and all(_is_bound(*found.groups("")) for found in BOUND.finditer(outside))
        and all(map(_is_set, ATOMS.findall(pattern)))
    )
    if not sound:
        raise ValueError("is invalid")
    return pattern


def _is_balanced(outside: str) -> bool:
    """Return whether each group is closed, and none stands in too many others."""
    groups = ALL_BUT_GROUPS.sub("", outside)
    for _ in range(MAX_DEPTH):
        if not groups:
            break
        groups = groups.replace("()", "")  # the innermost ones
    return not groups


def _is_bound(least: str, most: str) -> bool:
    """Return whether `{2,5}` doesn't end before it begins, nor beyond what can be repeated."""
    digits = len(str(MAX_REPEAT))
    if max(len(least), len(most)) > digits:
        return False
    return int(least) <= int(most or least) <= MAX_REPEAT


def _is_set(atom: str) -> bool:
    """Return whether the ranges in a set go upwards, as far as they are of letters and digits."""
    return not atom.startswith("[") or all(low <= high for low, high in RANGE.findall(atom))


Regex = Annotated[Text, AfterValidator(_check)]
