"""Dates and times as people write them in cells."""

import re
from datetime import date

ISO = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt ](?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)"
    r" ?(?P<offset>[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?"
)
OTHER = re.compile(
    r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})"
    r"(?:,? (?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?))?"
)
DMY = "dmy"
EXAMPLES = "write it as 2025-12-31 or 2025-12-31T10:00:00Z"


def lacks_offset(cell: str) -> bool:
    """Return whether it is a time without an offset from UTC."""
    text = cell.strip()
    if match := ISO.fullmatch(text):
        return match["time"] is not None and match["offset"] is None
    return (match := OTHER.fullmatch(text)) is not None and match["time"] is not None


def time_text(cell: str, dates: str | None, *, is_date: bool) -> str | None:
    """Return the date or time as ISO 8601 has it, in UTC where the cell doesn't say otherwise.

    None if it is none. `dates` says whether the day or the month comes first where the year
    doesn't.
    """
    text = cell.strip()
    if match := ISO.fullmatch(text):
        return _joined(match["date"], match["time"], match["offset"], is_date=is_date)
    if dates is None or (match := OTHER.fullmatch(text)) is None:
        return None
    first, _, second, year, time = match.groups()
    day, month = (first, second) if dates == DMY else (second, first)
    try:
        day_of_year = date(int(year), int(month), int(day))
    except ValueError:
        return None
    time = time and time.rjust(8 if time.count(":") > 1 else 5, "0")
    return _joined(day_of_year.isoformat(), time, None, is_date=is_date)


def _joined(day: str, time: str | None, offset: str | None, *, is_date: bool) -> str | None:
    if is_date:
        midnight = time is None or not time.strip("0:.")
        return day if midnight and not offset else None
    return f"{day}T{time or '00:00:00'}{offset or 'Z'}"
