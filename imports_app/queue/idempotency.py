"""Idempotency keys: of several equal requests only one creates an import."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from django.db import IntegrityError, OperationalError

from imports_app.database import atomic, connection
from imports_app.exceptions import KeyTaken, LockTimeout

WAIT_SECONDS = 5.0
LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's code


@dataclass(frozen=True, kw_only=True)
class IdempotencyKey:
    """The client's name for a request, and a fingerprint of its content.

    Attributes:
        fingerprint: HMAC-SHA-256 under the secret key, in hexadecimal digits.
        earlier: the fingerprints under earlier secret keys.
    """

    key: str
    fingerprint: str
    earlier: tuple[str, ...] = ()


def transaction_under(key: IdempotencyKey | None) -> AbstractContextManager[None]:
    """Return a transaction that creates an import under that key; without a key, any transaction.

    An equal request that is under way is waited for. Raises KeyTaken if that one made an import,
    and LockTimeout if it, or whatever else holds the database's locks, takes too long.
    """
    return atomic() if key is None else _waiting_transaction()


@contextmanager
def _waiting_transaction() -> Iterator[None]:
    try:
        with _waiting(), atomic():
            _limit_waits()
            yield
    except IntegrityError as error:
        if "idempotency_key" in str(error):
            raise KeyTaken from error
        raise
    except OperationalError as error:
        if _is_timeout(error):
            raise LockTimeout from error
        raise


def _limit_waits() -> None:
    """Limit waits on PostgreSQL: an equal key waits at the constraint, a retry at its row."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            limit = f"{WAIT_SECONDS * 1000:.0f}ms"
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [limit])


@contextmanager
def _waiting() -> Iterator[None]:
    """Limit waits on SQLite: a writer waits for those before it as its transaction starts."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        [usual] = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {WAIT_SECONDS * 1000:.0f}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")


def _is_timeout(error: OperationalError) -> bool:
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return cause.sqlite_errorcode == sqlite3.SQLITE_BUSY
    return getattr(cause, "sqlstate", None) == LOCK_NOT_AVAILABLE
