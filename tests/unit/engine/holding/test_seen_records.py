"""Which records an import has seen, of however many."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from imports_app.engine.holding.seen_records import RECENT, SeenRecords

COUNT = 2 * RECENT + 10


@pytest.mark.parametrize(
    "pk_of", [lambda n: UUID(int=n).bytes, lambda n: n - RECENT, lambda n: f"K{n}"]
)
def test_each_record_is_known_by_the_row_that_met_it_last(pk_of: Callable[[int], Any]) -> None:
    seen = SeenRecords()
    for first in range(0, COUNT, 5_000):
        seen.add([pk_of(n) for n in range(first, min(first + 5_000, COUNT))], first)
    seen.add([pk_of(3), None, pk_of(COUNT - 1)], COUNT)
    for first in range(COUNT + 3, COUNT + 3 + RECENT, 5_000):
        seen.add([pk_of(n) for n in range(first, first + 5_000)], first)

    known = {n: seen.get(pk_of(n)) for n in range(COUNT)}

    assert known == {n: n for n in range(COUNT)} | {3: COUNT, COUNT - 1: COUNT + 2}
    assert pk_of(10 * COUNT) not in seen
    assert seen.get(pk_of(10 * COUNT)) is None


def test_one_known_id_among_others_is_found_however_long_ago_it_was_met() -> None:
    seen = SeenRecords()
    seen.add(range(RECENT + 1), 0)

    assert seen.has_any([-1, 5, -2])
    assert not seen.has_any([-1, -2])
    seen.add([-1], RECENT + 1)
    assert seen.has_any([-1])


@pytest.mark.parametrize("count", [10, COUNT])
def test_the_ids_that_were_not_met_are_told_apart_many_at_a_time(count: int) -> None:
    seen = SeenRecords()
    seen.add([UUID(int=n).bytes for n in range(0, count, 2)], 0)

    unmet = seen.unseen(UUID(int=n).bytes for n in range(count))

    assert [*unmet] == [UUID(int=n).bytes for n in range(1, count, 2)]
