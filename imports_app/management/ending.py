"""Signals that ask a command to end, for one that has to come to a good end first."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, current_thread, main_thread
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def ending() -> Iterator[Callable[[], bool]]:
    """Give what says whether a signal came in the meantime; a second one ends the process.

    Elsewhere than in the main thread no signal comes, and none is looked for.
    """
    asked = Event()
    if current_thread() is not main_thread():
        yield asked.is_set
        return
    before: dict[int, Any] = {number: signal.getsignal(number) for number in SIGNALS}

    def ask(number: int, _frame: Any) -> None:
        asked.set()
        signal.signal(number, before[number])

    for number in SIGNALS:
        signal.signal(number, ask)
    try:
        yield asked.is_set
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
