from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from imports_app.admin.glance import Glance, duration
from imports_app.models import Import
from imports_app.models.status import Status

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def glance(**attributes: Any) -> Glance:
    seen = Glance(Import(created_at=NOON, **{"inputs_size": 1_000, **attributes}))
    seen.now = NOON + timedelta(seconds=30)
    return seen


def running(**attributes: Any) -> Glance:
    started_at = NOON + timedelta(seconds=10)
    return glance(status=Status.IN_PROGRESS, started_at=started_at, **attributes)


@pytest.mark.parametrize(
    ("done", "size", "words"),
    [
        (1, 1, "1 row"),
        (0, 1, "0 of 1 row"),
        (1, 2, "1 of 2 rows"),
        (2_000, 2_000, "2,000 of 2,000 rows"),
    ],
)
def test_the_only_row_is_not_said_to_be_one_of_several(done: int, size: int, words: str) -> None:
    assert running(processed_count=done, inputs_size=size).rows_done == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0.00 s"),
        (0.347, "0.35 s"),
        (12.34, "12.3 s"),
        (60, "1 min 0 s"),
        (200.9, "3 min 20 s"),
        (7_500, "2 h 5 min"),
        (100_800, "1 d 4 h"),
        (-5, "0.00 s"),
    ],
)
def test_durations_are_in_two_units_and_short_ones_exact(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_an_age_is_in_one_unit() -> None:
    assert [duration(seconds, units=1) for seconds in (0, 59.9, 3_700)] == ["0 s", "59 s", "1 h"]


def test_a_running_import_has_a_rate_and_a_time_left() -> None:
    seen = running(processed_count=190, created_count=190, errors_count=10)

    assert (seen.percent, seen.rate, seen.time_left) == (20, 10.0, "1 min 20 s")
    assert seen.duration == "20.0 s"


@pytest.mark.parametrize("seen", [glance(status=Status.PENDING), running()])
def test_nobody_knows_how_long_an_import_takes_that_has_not_begun(seen: Glance) -> None:
    assert seen.time_left == ""


def test_all_rows_but_one_are_not_a_hundred_per_cent() -> None:
    assert running(inputs_size=1_000, processed_count=999).percent == 99


def test_the_bar_has_a_share_for_each_that_became_of_rows() -> None:
    seen = running(processed_count=600, created_count=500, unchanged_count=100, errors_count=5)

    assert [(share.name, share.rows, share.percent) for share in seen.shares] == [
        ("created", 500, 50),
        ("updated", 0, 0),
        ("unchanged", 100, 10),
        ("failed", 5, 0.5),
    ]


def test_the_timeline_tells_waiting_from_running() -> None:
    seen = glance(
        status=Status.COMPLETED,
        started_at=NOON + timedelta(seconds=10),
        completed_at=NOON + timedelta(seconds=25),
    )

    assert [(moment.name, moment.after) for moment in seen.timeline] == [
        ("Created", ""),
        ("Started", "waited 10.0 s"),
        ("Completed", "ran 15.0 s"),
    ]


def test_an_import_that_never_began_only_waited() -> None:
    seen = glance(status=Status.INTERRUPTED, interrupted_at=NOON + timedelta(seconds=4))

    assert [(moment.name, moment.after) for moment in seen.timeline] == [
        ("Created", ""),
        ("Interrupted", "waited 4.0 s"),
    ]
    assert seen.duration == "-"


def test_every_tenth_and_the_end_are_announced_to_screen_readers() -> None:
    assert running(processed_count=259).announcement == "In progress, 20 %"
    assert glance(status=Status.PENDING).announcement == "Pending"
    done = glance(status=Status.COMPLETED, processed_count=990, errors_count=10)
    assert done.announcement == "Completed with errors: 990 rows processed, 10 failed"
    one = glance(status=Status.COMPLETED, processed_count=1)
    assert one.announcement == "Completed: 1 row processed, 0 failed"
