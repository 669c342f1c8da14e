"""What the log tells: what is in hand, and once a minute what goes wrong with every request."""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

NAMES = ("request_id", "import_id", "client", "mode", "resource_type")

_context: ContextVar[dict[str, str] | None] = ContextVar("log_context", default=None)

SECONDS = 60.0

logger = logging.getLogger(__name__)


def begin(**values: object) -> None:
    """Let what is logged from here on be about these, and about what is noted, until `end`.

    None is nothing to tell.
    """
    _context.set({name: str(value) for name, value in values.items() if value is not None})


def end(**_: object) -> None:
    """Let what is logged from here on be about nothing. Can be the receiver of a signal."""
    _context.set(None)


@contextmanager
def logging_context(**values: object) -> Iterator[None]:
    """Do the same for a block, and restore the context of before at its end."""
    before = _context.get()
    begin(**values)
    try:
        yield
    finally:
        _context.set(before)


def note(**values: object) -> None:
    """Add to the context in hand, if there is one; None is nothing to tell.

    Names are those of NAMES, values never a secret: the client is told by its number.
    """
    context = _context.get()
    if context is not None:
        context.update({name: str(value) for name, value in values.items() if value is not None})


def noted() -> Mapping[str, str]:
    """Return the context in hand."""
    return _context.get() or {}


class ThrottledLogger:
    """Logs a message once a minute, and how often it was left out since."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}
        self._left_out: dict[str, int] = {}

    def warning(self, message: str, *arguments: object) -> None:
        """`message` tells what is the same; it is no text of a stranger's."""
        now = time.monotonic()
        if now - self._last.get(message, -SECONDS) < SECONDS:
            self._left_out[message] = self._left_out.get(message, 0) + 1
            return
        self._last[message] = now
        logger.warning(message, *arguments)
        if more := self._left_out.pop(message, 0):
            logger.warning("The same message was suppressed %d times before.", more)


throttled = ThrottledLogger()
