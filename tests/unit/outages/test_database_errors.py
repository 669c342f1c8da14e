import sqlite3

import psycopg
import pytest
from django.db import DataError, InterfaceError, OperationalError, ProgrammingError

from imports_app.outages.database_errors import is_broken, passes_by_itself, reason_of

pytestmark = pytest.mark.backend


def wrapped(kind: type[Exception], cause: Exception) -> Exception:
    error = kind(str(cause))
    error.__cause__ = cause
    return error


def sqlite_error(statement: str) -> Exception:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(statement)
    except sqlite3.Error as cause:
        return wrapped(OperationalError, cause)
    finally:
        connection.close()
    raise AssertionError("it was taken")


def sqlite_busy() -> Exception:
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY_SNAPSHOT
    return wrapped(OperationalError, cause)


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("server closed the connection unexpectedly"),
        wrapped(InterfaceError, psycopg.InterfaceError("the connection is closed")),
        wrapped(OperationalError, psycopg.errors.DeadlockDetected()),
        wrapped(OperationalError, psycopg.errors.TooManyConnections()),
        wrapped(OperationalError, psycopg.errors.CannotConnectNow()),
        wrapped(OperationalError, psycopg.errors.OutOfMemory()),
        wrapped(ProgrammingError, psycopg.errors.ReadOnlySqlTransaction()),
        wrapped(OperationalError, psycopg.OperationalError("consuming input failed")),
        wrapped(OperationalError, Exception(1213, "Deadlock found when trying to get lock")),
        wrapped(ProgrammingError, Exception(1205, "Lock wait timeout exceeded")),
        sqlite_busy(),
    ],
)
def test_an_error_that_passes_is_waited_for(error: Exception) -> None:
    assert passes_by_itself(error)
    assert not is_broken(error)


@pytest.mark.parametrize(
    "error",
    [
        wrapped(ProgrammingError, psycopg.errors.UndefinedTable()),
        wrapped(ProgrammingError, psycopg.errors.InsufficientPrivilege()),
        wrapped(ProgrammingError, psycopg.errors.SyntaxError()),
        wrapped(ProgrammingError, Exception(1146, "Table 'a.b' doesn't exist")),
        wrapped(OperationalError, Exception(1054, "Unknown column")),
        sqlite_error("SELECT 1 FROM nowhere"),
        sqlite_error("SELECT missing FROM sqlite_master"),
    ],
)
def test_an_error_that_no_row_causes_is_told_from_one_that_passes(error: Exception) -> None:
    assert is_broken(error)
    assert not passes_by_itself(error)


@pytest.mark.parametrize(
    "error",
    [
        wrapped(DataError, psycopg.errors.NumericValueOutOfRange()),
        wrapped(OperationalError, psycopg.errors.ProgramLimitExceeded()),
        wrapped(OperationalError, psycopg.errors.QueryCanceled()),
        wrapped(ProgrammingError, psycopg.ProgrammingError("cannot adapt type")),
        wrapped(OperationalError, Exception(1366, "Incorrect integer value")),
        sqlite_error("SELECT json_each.value FROM json_each('{')"),
        ValueError("not the database's"),
    ],
)
def test_the_rest_may_be_a_row_s_fault(error: Exception) -> None:
    assert not passes_by_itself(error)
    assert not is_broken(error)


def test_the_reason_is_the_server_s_own() -> None:
    assert reason_of(sqlite_error("SELECT 1 FROM nowhere")) == "no such table: nowhere"


def test_the_reason_quotes_nothing_that_may_be_a_value() -> None:
    error = wrapped(ProgrammingError, Exception(1064, "syntax error near 'secret'"))

    assert reason_of(error) == "Exception 1064"
