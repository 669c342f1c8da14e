"""What an error of the database says about trying again: its SQLSTATE or number, else its class."""

import sqlite3
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, Error, IntegrityError, InterfaceError, OperationalError

from imports_app.database import connection

# PostgreSQL's classes, by the first two characters: lost connections, transactions that were
# rolled back for others' sake, resources that ran out.
PASSING_CLASSES = frozenset({"08", "40", "53"})
PASSING_STATES = frozenset(
    {
        "25006",  # read only: the server became a standby, the next connection finds the new one
        "25P03",  # idle in a transaction for too long: the worker stood still
        "25P04",  # a transaction took too long
        "55006",  # an object is in use
        "55P03",  # a lock is not available
        "57P01",  # shut down by an administrator
        "57P02",  # another session crashed
        "57P03",  # the server starts or stops
        "57P05",  # idle for too long
    }
)
# SQLite's primary codes.
PASSING_CODES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
# Those of MySQL and MariaDB: resources, locks and deadlocks, servers that end or only read,
# connections that are lost.
PASSING_NUMBERS = frozenset(
    {
        *(1020, 1021, 1037, 1038, 1040, 1041, 1053, 1114, 1129, 1152, 1158, 1159, 1160, 1161, 1180),
        *(1203, 1205, 1213, 1226, 1290, 1836, 1927, 2002, 2003, 2006, 2013, 2055, 4031),
    }
)

# A name that isn't there, a right that is missing, a statement that can't be read: no row is to
# blame, and no later try does better.
BROKEN_CLASSES = frozenset({"0A", "3D", "3F", "42"})
BROKEN_CODES = frozenset(
    {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_SCHEMA}
)
# SQLite has one code for all of these, and for others that a value can cause.
BROKEN_WORDS = ("no such table", "no such column", "has no column named")
BROKEN_NUMBERS = frozenset({1044, 1045, 1049, 1054, 1064, 1142, 1143, 1146, 1227})

# Bad data, constraints, what functions and triggers of the project raise, views' conditions, limits
# such as an index entry's.
VALUE_CLASSES = frozenset({"22", "23", "38", "39", "44", "54", "P0"})
VALUE_CODES = frozenset(
    {
        sqlite3.SQLITE_ERROR,
        sqlite3.SQLITE_TOOBIG,
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_RANGE,
    }
)
# What Django and the drivers raise of a value before the server sees it.
VALUE_ERRORS = (ArithmeticError, TypeError, ValueError, ValidationError)


def is_of_database(error: BaseException) -> bool:
    """Return whether it is Django's error or, where Django didn't see it, the driver's own."""
    return isinstance(error, (Error, _driver().Error))


def passes_by_itself(error: BaseException) -> bool:
    """Return whether the same may work a little later: a lost connection, a lock, a full disk."""
    cause = _of_driver(error)
    if state := getattr(cause, "sqlstate", None):
        return state in PASSING_STATES or state[:2] in PASSING_CLASSES
    if code := getattr(cause, "sqlite_errorcode", None):
        return code & 0xFF in PASSING_CODES
    if (number := _number(cause)) is not None:
        return number in PASSING_NUMBERS
    # Nothing was heard of the server.
    driver = _driver()
    kinds = OperationalError, InterfaceError, driver.OperationalError, driver.InterfaceError
    return isinstance(error, kinds) and not isinstance(cause, sqlite3.Error)


def is_broken(error: BaseException) -> bool:
    """Return whether the statement can't work whatever it is about: a missing table, a missing
    right.
    """
    cause = _of_driver(error)
    if state := getattr(cause, "sqlstate", None):
        return state[:2] in BROKEN_CLASSES
    if code := getattr(cause, "sqlite_errorcode", None):
        return code & 0xFF in BROKEN_CODES or any(word in str(cause) for word in BROKEN_WORDS)
    return _number(cause) in BROKEN_NUMBERS


def is_of_a_value(error: BaseException) -> bool:
    """Return whether a value of the row may be the cause: another row may work."""
    if isinstance(error, VALUE_ERRORS):
        return True
    cause = _of_driver(error)
    if state := getattr(cause, "sqlstate", None):
        return state[:2] in VALUE_CLASSES
    if code := getattr(cause, "sqlite_errorcode", None):
        return code & 0xFF in VALUE_CODES and not is_broken(error)
    if isinstance(error, IntegrityError | DataError):
        return True
    # The server was never asked: the driver has no form of the value that it could send.
    message = str(cause)
    return isinstance(error, Error) and message.startswith(
        ("cannot adapt", "Error binding parameter")
    )


def reason_of(error: BaseException) -> str:
    """Return the server's reason, without the values that it quotes from the statement."""
    cause = _of_driver(error)
    primary = getattr(getattr(cause, "diag", None), "message_primary", None)
    if primary:
        return f"{primary} ({getattr(cause, 'sqlstate', None)})"
    if isinstance(cause, sqlite3.Error):
        return str(cause)
    number = _number(cause)
    return type(cause).__name__ if number is None else f"{type(cause).__name__} {number}"


def _of_driver(error: BaseException) -> BaseException:
    """Django hangs the driver's error on its own."""
    return error.__cause__ if isinstance(error, Error) and error.__cause__ else error


def _number(cause: BaseException) -> int | None:
    first = cause.args[0] if cause.args else None
    return first if isinstance(first, int) else None


def _driver() -> Any:
    database: Any = connection
    return database.Database
