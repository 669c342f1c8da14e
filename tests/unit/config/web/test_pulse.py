from collections.abc import Iterator

import pytest

from config.web.pulse import Pulse


@pytest.fixture
def a_pulse() -> Iterator[Pulse]:
    made = Pulse(30.0)
    yield made
    made.close()


def test_a_silent_process_is_given_time(a_pulse: Pulse) -> None:
    assert not a_pulse.is_missed()


def test_a_process_that_is_silent_for_too_long_is_missed() -> None:
    silent = Pulse(-1.0)

    assert silent.is_missed()
    silent.close()


def test_a_beat_gives_the_process_its_full_time_again(a_pulse: Pulse) -> None:
    a_pulse._deadline = 0.0
    a_pulse.beat()

    assert not a_pulse.is_missed()


def test_beats_that_nobody_reads_do_not_block(a_pulse: Pulse) -> None:
    for _ in range(100_000):  # more than a pipe holds
        a_pulse.beat()

    assert not a_pulse.is_missed()
