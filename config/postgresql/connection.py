"""The driver's connection, with a limit on every wait."""

from typing import Any

import psycopg
from psycopg.abc import PQGen, PQGenConn

from config.postgresql.patience import CONNECT_SECONDS, NoAnswer, patience

INTERVAL = 0.1  # seconds from one look at the clock to the next
CANCEL_SECONDS = 2.0


class Connection(psycopg.Connection[Any]):
    """Waits for as long as `patience` says; then it is closed and raises OperationalError."""

    def wait(
        self, gen: PQGen[Any], interval: float = INTERVAL, timeout: float | None = None
    ) -> Any:
        """Run an exchange with the server; the driver calls this whenever it sends or reads."""
        if patience.seconds is None:
            return super().wait(gen, interval, timeout)
        watched = patience.watched(gen, patience.seconds, self._is_heard)
        try:
            return super().wait(watched, interval, timeout)
        except NoAnswer:
            self.pgconn.finish()  # a late answer must not be read by whoever comes next
            raise

    @classmethod
    def _connect_gen(cls, conninfo: str = "") -> PQGenConn[Any]:
        # The driver's own limit, connect_timeout, could leave all threads waiting until it ends.
        connecting = super()._connect_gen(conninfo)
        if patience.seconds is None:
            return connecting
        return patience.watched(connecting, min(patience.seconds, CONNECT_SECONDS), lambda: False)

    def _is_heard(self) -> bool:
        """Return whether the server accepts a cancellation: then only the statement is slow."""
        try:
            self.cancel_safe(timeout=CANCEL_SECONDS)
        except psycopg.Error:
            return False
        return True
