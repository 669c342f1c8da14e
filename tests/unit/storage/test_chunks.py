"""Rows are cut into chunks by their number, their bytes and their cost."""

from collections.abc import Callable
from itertools import pairwise

from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from imports_app.storage.chunks import cut
from imports_app.storage.row_cost import BATCH_COST

Cost = Callable[[bytes], int] | None

sizes = st.lists(st.integers(2, 90), max_size=400)
costs: st.SearchStrategy[Cost] = st.sampled_from([None, lambda row: len(row) * BATCH_COST // 300])


def fits(chunk: list[bytes], max_rows: int, max_bytes: int, cost_of: Cost) -> bool:
    cost = sum(map(cost_of, chunk)) if cost_of else 0
    return len(chunk) <= max_rows and sum(map(len, chunk)) <= max_bytes and cost <= BATCH_COST


@given(sizes, st.integers(1, 150), st.integers(1, 4_000), costs)
def test_a_chunk_is_as_long_as_it_may_be_and_no_longer(
    sizes: list[int], max_rows: int, max_bytes: int, cost_of: Cost
) -> None:
    rows = [b"x" * size for size in sizes]
    limits = max_rows, max_bytes, cost_of
    with override_settings(IMPORTS_CHUNK_ROWS=max_rows, IMPORTS_CHUNK_BYTES=max_bytes):
        chunks = [list(map(bytes, chunk)) for chunk in cut(rows, cost_of)]

    assert [row for chunk in chunks for row in chunk] == rows
    assert all(len(chunk) == 1 or fits(chunk, *limits) for chunk in chunks)
    for chunk, behind in pairwise(chunks):
        assert not fits([*chunk, behind[0]], *limits)
