"""Handle signals that ask a command to end, for one that first has to finish its batch."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, current_thread, main_thread
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def ending() -> Iterator[Callable[[], bool]]:
    """Yield a function that says whether a signal came; a second signal ends the process.

    Outside the main thread no signals arrive, and no handler is set.
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
