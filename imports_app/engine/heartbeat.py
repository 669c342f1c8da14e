"""Keeps a lease alive while a long batch is in hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import Error, connection

from imports_app import transitions
from imports_app.conf import conf
from imports_app.scheduling import Lease

BEATS_PER_LEASE = 3


@contextmanager
def beating(lease: Lease) -> Iterator[None]:
    """Renews the lease from a thread, on a connection of its own, until the block ends.

    Not on SQLite: there a batch keeps everybody else from writing, those who would take the
    import over too, so its own commit comes in time.
    """
    if connection.vendor == "sqlite":
        yield
        return
    done = Event()
    thread = Thread(target=_beat, args=(lease, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _beat(lease: Lease, done: Event) -> None:
    try:
        while not done.wait(conf.lease_seconds / BEATS_PER_LEASE):
            try:
                transitions.renew(lease.import_id, lease.token)
            except Error:
                # The database is away: the worker notices it by itself, and the next beat tries
                # again.
                connection.close()
    finally:
        connection.close()
