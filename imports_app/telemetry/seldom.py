"""Lines of the log for what goes wrong with every request, as long as it lasts."""

import logging
import time

SECONDS = 60.0

logger = logging.getLogger(__name__)


class Seldom:
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


seldom = Seldom()
