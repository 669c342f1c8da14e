"""Distinguish errors that a value causes, which fail its row, from trouble of the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DataError, IntegrityError

from imports_app.database import connection
from imports_app.outages.database_errors import is_of_a_value

REFUSALS = (IntegrityError, DataError)


class Refused(DataError):
    """A value that Django, the driver or the database refuses; `__cause__` is what they raised."""


@contextmanager
def refusals() -> Iterator[None]:
    """Within, whatever a value causes is one of REFUSALS, whoever raises it.

    A driver's COPY raises its own errors; a converter that can't make a number of a text, Python's;
    a trigger that raises, an index that can't hold a long text have classes of their own.
    """
    try:
        with connection.wrap_database_errors:
            yield
    except REFUSALS:
        raise
    except Exception as error:
        if is_of_a_value(error):
            raise Refused(type(error).__name__) from error.__cause__ or error
        raise
