"""A worker that does nothing for a while, and goes on at once."""

import psutil
import psycopg

from tests.acceptance.processes import eventually
from tests.acceptance.stack import Stack

IN_TRANSACTIONS = """
    SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
"""


class PausedWorker:
    """The worker of a stack on PostgreSQL, stopped where it stands: its imports stay as they are.

    To end it and to start another one would take seconds of a processor.
    """

    def __init__(self, stack: Stack) -> None:
        self._database = stack.environment["DATABASE_URL"]
        self._worker = psutil.Process(stack.worker.pid)

    def pause(self) -> None:
        """Stop it, but outside transactions: others would wait for what it has locked."""
        with psycopg.connect(self._database, autocommit=True) as connection:
            eventually(lambda: self._is_stopped_at_rest(connection), "the worker is paused")

    def resume(self) -> None:
        """Have it go on; if it does so already, nothing happens."""
        for process in (self._worker, *self._worker.children(recursive=True)):
            process.resume()

    def _is_stopped_at_rest(self, connection: "psycopg.Connection[tuple[int]]") -> bool:
        self._worker.suspend()  # first, as it starts the others
        for process in self._worker.children(recursive=True):
            process.suspend()
        if not connection.execute(IN_TRANSACTIONS).rowcount:
            return True
        self.resume()
        return False
