from itertools import product

import pytest

from imports_app.models.status import ACTIVE, FINAL, Move, Status

ALLOWED = {
    ("pending", "in_progress"),
    ("pending", "interrupted"),
    ("in_progress", "in_progress"),
    ("in_progress", "completed"),
    ("in_progress", "interrupted"),
}


@pytest.mark.parametrize(("source", "target"), list(product(Status, Status)))
def test_these_moves_are_allowed_and_no_others(source: Status, target: Status) -> None:
    found = any(source in move.sources and move.target == target for move in Move)
    assert found == ((source, target) in ALLOWED)


def test_every_status_is_either_active_or_final() -> None:
    assert sorted([*ACTIVE, *FINAL]) == sorted(Status)
    moved = {source for move in Move for source in move.sources}
    assert [status for status in Status if status not in moved] == list(FINAL)


def test_a_move_is_final_if_nothing_follows_it() -> None:
    assert {move for move in Move if move.is_final} == {
        Move.WITHDRAW,
        Move.COMPLETE,
        Move.INTERRUPT,
    }
