from itertools import product

import pytest

from imports_app.models.status import ACTIVE, FINAL, MOVES, Status, sources

ALLOWED = {
    ("pending", "in_progress"),
    ("pending", "interrupted"),
    ("in_progress", "completed"),
    ("in_progress", "interrupted"),
}


@pytest.mark.parametrize(("source", "target"), list(product(Status, Status)))
def test_these_moves_are_allowed_and_no_others(source: Status, target: Status) -> None:
    assert (target in MOVES[source]) == ((source, target) in ALLOWED)
    assert (source in sources(target)) == ((source, target) in ALLOWED)


def test_every_status_is_either_active_or_final() -> None:
    assert sorted([*ACTIVE, *FINAL]) == sorted(Status)
    assert [status for status in Status if not MOVES[status]] == list(FINAL)
