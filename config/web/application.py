"""Runs the WSGI application in threads."""

import asyncio
import logging
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Any, TypeVar

from config.silence import PULSE_SECONDS
from config.web.answer import Answer, Gone
from config.web.spool import SpoolFull
from config.web.turns import Turns
from imports_app.telemetry.logs import throttled

logger = logging.getLogger("web")
access_logger = logging.getLogger("web.access")

T = TypeVar("T")
PROBES = ("/healthz",)  # answered by a thread of their own, however busy the others are
LARGE_AT_A_TIME = 2  # requests with large bodies, which take several times their size in memory


class Application:
    """The application and its threads.

    Attributes:
        patience: held by each thread that waits for a reader; at most half of them may.
    """

    def __init__(self, wsgi: Callable[..., Any], threads: int, *, access_log: bool) -> None:
        self._wsgi = wsgi
        self._access_log = access_log
        self._threads = ThreadPoolExecutor(threads, "web")
        self._probe_thread = ThreadPoolExecutor(1, "probe")
        self._turns = Turns(threads)
        self._large = asyncio.Semaphore(LARGE_AT_A_TIME)
        self.patience = threading.Semaphore(threads // 2)

    async def in_turn(self, wsgi_environ: dict[str, Any], work: Callable[..., T], *args: Any) -> T:
        """Run `work(*args)` in a thread, when it is the request's turn, and return the result."""
        await self._turns.take(_turn_key(wsgi_environ))
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
        finally:
            self._turns.give()

    async def keep_beating(self, beat: Callable[[], None]) -> None:
        """Call `beat` for as long as the event loop and the thread of the probes go on."""
        loop = asyncio.get_running_loop()
        while True:
            await loop.run_in_executor(self._probe_thread, beat)
            await asyncio.sleep(PULSE_SECONDS)

    async def start(
        self, wsgi_environ: dict[str, Any], answer: Answer, *, is_large: bool
    ) -> asyncio.Future[None]:
        """Have a thread write the answer. The future is done when the application is.

        A request with a large body waits until fewer than LARGE_AT_A_TIME others are in hand; how
        fast their answers are read doesn't matter.
        """
        if not is_large:
            return await self._begin(wsgi_environ, answer)
        await self._large.acquire()
        done = await self._begin(wsgi_environ, answer)
        done.add_done_callback(lambda _: self._large.release())
        return done

    async def _begin(self, wsgi_environ: dict[str, Any], answer: Answer) -> asyncio.Future[None]:
        loop = asyncio.get_running_loop()
        if wsgi_environ["PATH_INFO"] in PROBES:
            return loop.run_in_executor(self._probe_thread, self._run, wsgi_environ, answer)
        await self._turns.take(_turn_key(wsgi_environ))
        done = loop.run_in_executor(self._threads, self._run, wsgi_environ, answer)
        done.add_done_callback(lambda _: self._turns.give())
        return done

    def _run(self, wsgi_environ: dict[str, Any], answer: Answer) -> None:
        try:
            self._write(wsgi_environ, answer)
        except Gone:
            answer.end(is_whole=False)
        except (SpoolFull, OSError) as error:
            throttled.warning("An answer is cut off because there is no room for it: %r", error)
            answer.end(is_whole=False)
        except Exception:
            logger.exception("The application failed.")
            answer.end(is_whole=False)
        else:
            answer.end()

    def _write(self, wsgi_environ: dict[str, Any], answer: Answer) -> None:
        began, size = perf_counter(), 0
        pieces = self._wsgi(wsgi_environ, answer.start)
        try:
            for piece in pieces:
                answer.write(piece)
                size += len(piece)
        finally:
            if self._access_log:
                _log_access(wsgi_environ, answer, size, perf_counter() - began)
            if hasattr(pieces, "close"):
                pieces.close()


def _turn_key(wsgi_environ: dict[str, Any]) -> Hashable:
    """Return who asks for what: requests that agree in it share their turns."""
    return tuple(wsgi_environ.get(n) for n in ("REMOTE_ADDR", "HTTP_AUTHORIZATION", "PATH_INFO"))


def _log_access(wsgi_environ: dict[str, Any], answer: Answer, size: int, seconds: float) -> None:
    """Log a request, without its query: signed URLs, and secrets that clients put there."""
    access_logger.info(
        '%s "%s %s" %s %d %.6f',
        wsgi_environ["REMOTE_ADDR"],
        wsgi_environ["REQUEST_METHOD"],
        wsgi_environ["web.path"],
        (answer.status or "500").partition(" ")[0],
        size,
        seconds,
    )
