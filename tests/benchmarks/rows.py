"""The rows that everything is measured with: SKUs of eight attributes, about 260 bytes of JSON."""

import json
from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import Any

Row = dict[str, Any]
Record = tuple[Any, ...]

ATTRIBUTES = (
    "code",
    "name",
    "description",
    "image_url",
    "pieces_per_pack",
    "weight",
    "unit_of_weight",
    "metadata",
)
INVALID_EACH = 20  # of so many rows one is invalid: 5 %
UNITS = ("gr", "oz", "lb")


def row(number: int, revision: int = 0, *, prefix: str = "SKU") -> Row:
    """The valid row of that number. Another revision differs in all but the code."""
    seed = number * 7 + revision
    return {
        "code": f"{prefix}{number * 2_654_435_761 % 2**32:010}",  # scattered over the index
        "name": f"Product {number} in edition {revision}",
        "description": f"A good product of batch {seed % 97}, made to last.",
        "image_url": f"https://images.example.com/{seed:08}.jpg",
        "pieces_per_pack": seed % 12 + 1,
        "weight": seed % 1_000 / 4,
        "unit_of_weight": UNITS[seed % 3],
        "metadata": {"edition": revision, "shelf": seed % 50},
    }


def base(count: int) -> list[Row]:
    """What is there beforehand: the records that half of the rows update."""
    return [row(number) for number in range(count // 2)]


def mixed(count: int) -> list[Row]:
    """Half updates of the base, half new, in random order; each twentieth is invalid."""
    numbers = list(range(count))
    Random(count).shuffle(numbers)
    rows = [row(number, 1) for number in numbers]
    for index in range(0, count, INVALID_EACH):
        rows[index]["pieces_per_pack"] = "a dozen"
    return rows


def valid(rows: Iterable[Row]) -> list[Row]:
    """The rows that a validation lets through."""
    return [each for each in rows if isinstance(each["pieces_per_pack"], int)]


def expected(before: Iterable[Row], imported: Iterable[Row]) -> dict[str, Record]:
    """What the records have to be once the rows are imported, by code."""
    return {each["code"]: record(each) for each in (*before, *valid(imported))}


def record(of: Row) -> Record:
    """The row's values in the order of ATTRIBUTES."""
    return tuple(of[name] for name in ATTRIBUTES)


def values(of: Row) -> Record:
    """The same as a driver takes them: metadata is JSON text."""
    return (*record(of)[:-1], json.dumps(of["metadata"]))


def texts(rows: Iterable[Row]) -> list[bytes]:
    """Each row's JSON, as it comes out of a body."""
    return [json.dumps(each, separators=(",", ":")).encode() for each in rows]


def parts(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """The rows in runs of that size."""
    return (rows[start : start + size] for start in range(0, len(rows), size))
