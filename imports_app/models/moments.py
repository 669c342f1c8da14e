"""Moments as JSON has them."""

from datetime import UTC, datetime


def utc(moment: datetime) -> str:
    """Return ISO 8601 in UTC, with milliseconds and `Z`: `2024-02-29T23:59:59.999Z`."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z"
