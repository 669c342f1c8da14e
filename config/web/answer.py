"""An answer on its way from the application to the client."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable
from types import TracebackType

from config.web.backlog import Backlog
from config.web.spool import SpoolFull
from config.web.wire import PIECE

AHEAD = 64 * 1024 * 1024  # bytes by which an answer may be ahead of its reader
Headers = list[tuple[str, str]]
ExcInfo = tuple[type[BaseException], BaseException, TracebackType]


class Gone(Exception):
    """Nobody reads the answer any more."""


class Answer:
    """A response that a thread of the application writes and the event loop reads.

    What isn't read yet waits in a backlog, so the thread needn't wait for the reader. It waits only
    when it is more than AHEAD bytes ahead or there is no room left, and only if enough threads stay
    free for other requests.

    Attributes:
        is_whole: whether the body is complete; an answer that isn't is cut off.
        status, headers: None and empty until the application has given them.
    """

    def __init__(self, backlog: Backlog, patience: threading.Semaphore) -> None:
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._backlog = backlog
        self._patience = patience
        self._changed = threading.Condition()
        self._ended = self._is_cut = False
        self.is_whole = True
        self.status: str | None = None
        self.headers: Headers = []

    # The thread's side

    def start(
        self, status: str, headers: Headers, exc_info: ExcInfo | None = None
    ) -> Callable[[bytes], None]:
        """Take the head; WSGI's start_response."""
        if exc_info and self.status is not None:
            raise exc_info[1].with_traceback(exc_info[2])
        self.status, self.headers = status, headers
        return self.write

    def write(self, data: bytes) -> None:
        """Keep data for the reader. Raise Gone without one; SpoolFull or OSError without room."""
        with self._changed:
            if self._backlog.unread > AHEAD:
                self._wait_for_reader(AHEAD)
            try:
                self._keep(data)
            except (SpoolFull, OSError):
                self._wait_for_reader(0)
                self._keep(data)
        self._tell()

    def end(self, *, is_whole: bool = True) -> None:
        """Mark the end. An answer that isn't whole is cut off, so that the client notices."""
        with self._changed:
            self.is_whole = is_whole
            self._ended = True
        self._tell()

    def _keep(self, data: bytes) -> None:
        if self._is_cut:
            raise Gone
        self._backlog.write(data)

    def _wait_for_reader(self, unread: int) -> None:
        """Return once at most `unread` bytes are unread, or at once if too many threads wait."""
        if not self._patience.acquire(blocking=False):
            return
        try:
            while self._backlog.unread > unread and not self._is_cut:
                self._changed.wait()
        finally:
            self._patience.release()

    def _tell(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._news.set)

    # The event loop's side

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes. The first piece comes with the head, and may be empty."""
        yield await self._next()
        while piece := await self._next():
            yield piece

    async def _next(self) -> bytes:
        """Return the next piece; an empty one at the end."""
        while True:
            self._news.clear()
            with self._changed:
                ended = self._ended
                piece = self._backlog.read(PIECE)
                self._changed.notify()
            if piece or ended:
                return piece
            await self._news.wait()

    def cut(self) -> None:
        """Say that nobody reads any more: the thread's next write raises Gone."""
        with self._changed:
            self._is_cut = True
            self._backlog.close()
            self._changed.notify()
