"""Who is started again, and when."""

import os
import re
import signal
import sys
import time
from collections.abc import Iterator

import pytest

from config.supervisor import children
from config.supervisor.children import Child
from tests.acceptance.processes import eventually

pytestmark = pytest.mark.processes

SLEEPING = [sys.executable, "-c", "import time; time.sleep(600)"]


class Told:
    """A sign of life when the test says so."""

    name = "a word"

    def __init__(self, *, given: bool, patience: float = 0.0) -> None:
        self.given = given
        self.patience = patience

    def seen(self) -> bool:
        return self.given


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Child]]:
    """Children that are killed behind the test; they are in a hurry."""
    monkeypatch.setattr(children, "START_SECONDS", 0.0)
    monkeypatch.setattr(children, "FIRST_PAUSE", 0.0)
    made: list[Child] = []
    yield made
    for child in made:
        child.kill()


def tended(child: Child, made: list[Child]) -> int:
    made.append(child)
    child.tend()
    return pid_of(child)


def pid_of(child: Child) -> int:
    assert child._process is not None
    return child._process.pid


def is_another(child: Child, first: int) -> bool:
    child.tend()
    return pid_of(child) != first


def test_a_process_that_gives_no_sign_of_life_is_killed_and_replaced(
    running: list[Child], caplog: pytest.LogCaptureFixture
) -> None:
    child = Child("worker", SLEEPING, Told(given=False))
    first = tended(child, running)

    eventually(lambda: is_another(child, first), "there is another")

    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert "worker gave no sign of life (a word) and was killed" in caplog.text


def test_a_stopped_process_is_killed_as_well(running: list[Child]) -> None:
    child = Child("worker", SLEEPING, Told(given=False))
    first = tended(child, running)
    os.kill(first, signal.SIGSTOP)

    eventually(lambda: is_another(child, first), "there is another")


def test_a_process_that_gives_signs_of_life_stays(running: list[Child]) -> None:
    child = Child("worker", SLEEPING, Told(given=True, patience=60.0))
    first = tended(child, running)

    for _ in range(100):
        child.tend()

    assert pid_of(child) == first


def test_a_process_that_could_not_be_checked_gets_its_full_time_again(running: list[Child]) -> None:
    sign = Told(given=False)
    child = Child("worker", SLEEPING, sign)
    first = tended(child, running)

    sign.patience = 60.0
    child.wait_anew()
    child.tend()

    assert pid_of(child) == first


def test_a_process_that_dies_again_and_again_is_started_at_growing_intervals(
    running: list[Child], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(children, "FIRST_PAUSE", 0.1)
    child = Child("beat", [sys.executable, "-c", "raise SystemExit(3)"], Told(given=True))
    running.append(child)

    def died_thrice() -> bool:
        child.tend()
        return caplog.text.count("beat ended with 3") == 3

    eventually(died_thrice, "it died thrice")

    assert re.findall(r"again in (\S+) s", caplog.text) == ["0.1", "0.2", "0.4"]


def test_a_process_that_starts_slowly_gets_more_time_at_every_start(
    running: list[Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "START_SECONDS", 0.001)
    child = Child("worker", SLEEPING, Told(given=False))
    running.append(child)

    def lived_long() -> bool:
        """A thousand times what the first one was given."""
        child.tend()
        return time.monotonic() - child._started_at > 1

    eventually(lived_long, "one had the time that it needs")
