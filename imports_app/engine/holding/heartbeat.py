"""Keep a lease alive during a long transaction, and show its progress."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Thread

from django.db import Error

from imports_app.conf import conf
from imports_app.database import connection
from imports_app.queue import transitions
from imports_app.queue.scheduling import Lease

BEATS_PER_LEASE = 3
SHOW_SECONDS = 1.0


class Heartbeat:
    """Renews the lease from a thread, on a connection of its own.

    What a transaction has done nobody else sees before it commits. A transaction that goes
    through a whole import, as that of a dry run does, says here how far it is.
    """

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._counts: Mapping[str, int] = {}
        self._done = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Beat until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """Stop, and return once nothing more is written."""
        self._done.set()
        if self._thread.ident is not None:
            self._thread.join()

    def show(self, counts: Mapping[str, int]) -> None:
        """Have the import's counts shown as these within a second."""
        self._counts = counts

    def _run(self) -> None:
        try:
            shown: Mapping[str, int] = {}
            beat = conf.lease_seconds / BEATS_PER_LEASE
            waited = 0.0
            pause = min(SHOW_SECONDS, beat)
            while not self._done.wait(pause):
                waited += pause
                counts = self._counts
                if counts != shown or waited >= beat:
                    self._beat(counts)
                    shown, waited = counts, 0.0
        finally:
            connection.close()

    def _beat(self, counts: Mapping[str, int]) -> None:
        try:
            transitions.renew(self._lease.import_id, self._lease.token, counts)
        except Error:
            # The database is away: the worker notices it by itself, and the next beat tries again.
            connection.close()


@contextmanager
def beating(lease: Lease) -> Iterator[Heartbeat]:
    """Let a heartbeat beat until the block ends.

    Not within a transaction, as of a test: nobody else sees the import. Nor on SQLite: there a
    batch keeps everybody else from writing, those who would take the import over too, so its own
    commit comes in time.
    """
    heartbeat = Heartbeat(lease)
    if connection.vendor != "sqlite" and not connection.in_atomic_block:
        heartbeat.start()
    try:
        yield heartbeat
    finally:
        heartbeat.stop()
