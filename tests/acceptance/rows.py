"""Rows that no other test of the same service knows."""

import uuid
from typing import Any

Row = dict[str, Any]


def sku_rows(count: int) -> list[Row]:
    """Valid rows of SKUs that don't exist yet."""
    prefix = uuid.uuid4().hex[:8]
    return [{"code": f"{prefix}-{n:04}", "name": f"SKU {n}"} for n in range(count)]


def codes(rows: list[Row]) -> list[str]:
    return [row["code"] for row in rows]


def invalid(row: Row) -> Row:
    """The row with a name that is refused."""
    return {**row, "name": None}
