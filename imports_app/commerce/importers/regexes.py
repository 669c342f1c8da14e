"""Regexes that clients send.

The service never matches with these regexes, so it doesn't compile them: compiling would take as
long as their sender likes, and their dialect is that of the system which matches. Errors that every
dialect has are found in linear time; see docs/decisions/regexes.md.
"""

import re
from typing import Annotated

from pydantic import AfterValidator

from imports_app.commerce.importers.base import Text

MAX_DEPTH = 50  # nested groups
MAX_REPEAT = 100_000  # the most that any dialect accepts

# An escaped character, or a set. The characters in them have no meaning for the rest.
ATOM = r"\\.|\[\^?\]?(?:[^\]\\]++|\\.)*+\]"
ATOMS = re.compile(ATOM, re.DOTALL)
COMPLETE = re.compile(rf"(?:[^\[\\]++|{ATOM})*+", re.DOTALL)
ALL_BUT_GROUPS = re.compile(r"[^()]++")
NOTHING_TO_REPEAT = re.compile(r"(?:^|[(|])[*+]|^\?|\|\?")
BOUND = re.compile(r"\{([0-9]++)(?:,([0-9]*+))?\}")
RANGE = re.compile(r"([0-9A-Za-z])-([0-9A-Za-z])")


def _check(pattern: str) -> str:
    """Return the pattern. Raise ValueError if no dialect accepts it."""
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
    """Return whether every group is closed, and no group is nested too deeply."""
    groups = ALL_BUT_GROUPS.sub("", outside)
    for _ in range(MAX_DEPTH):
        if not groups:
            break
        groups = groups.replace("()", "")  # the innermost ones
    return not groups


def _is_bound(least: str, most: str) -> bool:
    """Return whether the bounds of a repetition like `{2,5}` are in order and not too large."""
    digits = len(str(MAX_REPEAT))
    if max(len(least), len(most)) > digits:
        return False
    return int(least) <= int(most or least) <= MAX_REPEAT


def _is_set(atom: str) -> bool:
    """Return whether a set's ranges of letters and digits ascend."""
    return not atom.startswith("[") or all(low <= high for low, high in RANGE.findall(atom))


Regex = Annotated[Text, AfterValidator(_check)]
