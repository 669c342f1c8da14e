"""Moments as JSON has them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def utc(moment: datetime) -> str:
    """Return ISO 8601 in UTC, with milliseconds and `Z`: `2024-02-29T23:59:59.999Z`."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z"


def exact_utc(moment: datetime) -> str:
    """Return the same, with microseconds if it has some that milliseconds would cut off."""
    if moment.microsecond % 1_000 == 0:
        return utc(moment)
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def with_utc(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values by name, with each moment among them as `utc` writes it."""
    return {
        name: utc(value) if isinstance(value, datetime) else value for name, value in values.items()
    }
