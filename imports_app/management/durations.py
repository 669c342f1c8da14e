"""Durations as people type them."""

import re
from argparse import ArgumentTypeError
from datetime import timedelta

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
LONGEST = timedelta(days=36_500)


def duration(text: str) -> timedelta:
    """Parse a duration for argparse: `30d` is thirty days; the other units are s, m, h and w."""
    found = re.fullmatch(r"([0-9]{1,9})([smhdw])", text)
    if found is None:
        raise ArgumentTypeError(f"{text!r} is no duration such as 90s, 10m, 12h, 30d or 4w")
    length = timedelta(**{UNITS[found[2]]: int(found[1])})
    if length > LONGEST:
        raise ArgumentTypeError(f"{text!r} is longer than 100 years")
    return length
