"""Limits of rows that no setting moves, and those that every reader shares."""

from imports_app.conf import conf
from imports_app.inputs.refusals import InputsRefused, TooLarge, Unreadable, refused

MAX_MEMBERS = 1_000  # of one object, columns of one CSV: hostile ones must not grow in memory
MAX_NAME = 255  # characters of a member's name
MAX_NAMED = 100  # bad rows that one refusal names
# Objects and arrays that a row of a request stands in. A file's row may nest as deep as that.
ROW_DEPTH = 4


def too_many_rows() -> InputsRefused:
    """There are more rows than conf.max_rows."""
    return refused("too_many", f"must not be more than {conf.max_rows} rows")


def too_deep() -> Unreadable:
    """Something nests deeper than conf.max_depth."""
    return Unreadable(f"nests too deep (maximum is {conf.max_depth} levels)")


def too_large(limit: int | None = None) -> TooLarge:
    """There are more bytes than that, or than conf.max_request_bytes."""
    limit = conf.max_request_bytes if limit is None else limit
    return TooLarge(f"is too large (maximum is {limit} bytes)")


def too_large_as_json(limit: int) -> TooLarge:
    """There are more bytes than that once each row repeats the names of its columns."""
    return TooLarge(f"is too large when its rows are JSON (maximum is {limit} bytes)")


def too_big_row() -> str:
    """Return what is said of a row with more than conf.max_row_bytes."""
    return f"is too big (maximum is {conf.max_row_bytes} bytes)"
