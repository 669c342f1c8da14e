"""Regexes that clients send."""

import re
import warnings
from typing import Annotated

from pydantic import AfterValidator

from imports_app.commerce.importers.base import Text

# A set that reaches beyond Latin-1 takes milliseconds to compile, so thousands would take a worker
# minutes. A range does wherever it ends there, a lone character once a set or alternative.
WIDE = r"(?:[^\x00-\xff]|\\[uUN])"
WIDE_CHARACTER = re.compile(WIDE)
WIDE_RANGE = re.compile(f"-{WIDE}")
MAX_WIDE_SETS = 50


def _compiles(pattern: str) -> str:
    """Raises ValueError for what is no regex, or takes too long to become one."""
    if _wide_sets(pattern) > MAX_WIDE_SETS:
        raise ValueError("is too complex")
    try:
        with warnings.catch_warnings(action="ignore"):
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        raise ValueError("is invalid") from None
    return pattern


def _wide_sets(pattern: str) -> int:
    """At least as many as there are."""
    sets = pattern.count("[") + pattern.count("|")
    characters = len(WIDE_CHARACTER.findall(pattern))
    return min(sets, characters) + len(WIDE_RANGE.findall(pattern))


Regex = Annotated[Text, AfterValidator(_compiles)]
