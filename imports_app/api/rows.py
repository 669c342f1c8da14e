"""The rows of a request: cut apart and measured, never decoded."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec
from msgspec import Raw

from imports_app.api.documents import INPUTS, NULL, RawInputs, too_deep
from imports_app.api.errors import ApiError, ApiErrors, validation_error
from imports_app.api.json_text import nests_deeper
from imports_app.conf import conf

MAX_NAMED = 100  # bad rows that one answer names
MAX_ECHO = 1_000  # bytes of a value that are looked at to send it back

_as_rows = msgspec.json.Decoder(list[Raw])
_as_members = msgspec.json.Decoder(dict[str, Raw])


class TooManyRows(Exception):
    """There are more rows than conf.max_rows."""


def split_rows(inputs: RawInputs | None) -> list[bytes]:
    """Each row's JSON text. Raises ApiErrors that name what is no row, a 400 for deep nesting."""
    if inputs is None or inputs.text == NULL:
        raise _refused(inputs, "blank", "can't be blank")
    text = inputs.take()
    if not text.startswith(b"["):
        raise _refused(inputs, "invalid", "must be an array of objects", _decoded(text))
    if text.count(b",") >= conf.max_rows:
        _count(text, inputs)
    rows = [bytes(row) for row in _as_rows.decode(text)]
    if not rows:
        raise _refused(inputs, "blank", "can't be blank")
    _check_depth(rows, text, inputs.depth)
    if errors := list(islice(_errors(rows, inputs.pointer), MAX_NAMED)):
        raise ApiErrors(errors)
    return rows


def without_type(rows: Iterable[bytes], resource_type: str) -> list[bytes]:
    """The rows less the member in which a resource object names its type, where it is that one."""
    return [_without_type(row, resource_type) for row in rows]


def _without_type(row: bytes, resource_type: str) -> bytes:
    members = _as_members.decode(row)
    if "type" not in members or _decoded(bytes(members["type"])) != resource_type:
        return row
    del members["type"]
    return msgspec.json.encode(members)


def _count(text: bytes, inputs: RawInputs) -> None:
    """Refuses too many rows, or the first that is none, before all of them take up memory."""
    rows = 0

    class Row(msgspec.Struct, frozen=True, gc=False):
        def __post_init__(self) -> None:
            nonlocal rows
            rows += 1
            if rows > conf.max_rows:
                raise TooManyRows

    try:
        msgspec.json.decode(text, type=set[Row])
    except TooManyRows:
        message = f"must not be more than {conf.max_rows} rows"
        raise _refused(inputs, "too_many", message) from None
    except msgspec.ValidationError:
        raise ApiErrors([_no_object(f"{inputs.pointer}/{rows}", None)]) from None


def _errors(rows: list[bytes], pointer: str) -> Iterator[ApiError]:
    """Rows that are no objects, or are too big."""
    limit = conf.max_row_bytes
    for index, row in enumerate(rows):
        if row[0] != ord("{"):
            yield _no_object(f"{pointer}/{index}", _decoded(row))
        elif len(row) > limit:
            message = f"is too big (maximum is {limit} bytes)"
            yield validation_error(INPUTS, "too_big", message, pointer=f"{pointer}/{index}")


def _check_depth(rows: list[bytes], text: bytes, depth: int) -> None:
    """`depth` is how many objects and arrays each row stands in."""
    brackets = text.count(b"{") + text.count(b"[") - 1
    limit = conf.max_depth - depth
    # Flat rows have one bracket each. As many rows as brackets but a few: none can nest deep.
    if brackets - len(rows) >= limit and any(nests_deeper(row, limit) for row in rows):
        raise too_deep()


def _refused(inputs: RawInputs | None, error: str, message: str, value: Any = None) -> ApiErrors:
    pointer = inputs.pointer if inputs else None
    return ApiErrors([validation_error(INPUTS, error, message, value=value, pointer=pointer)])


def _no_object(pointer: str, value: Any) -> ApiError:
    return validation_error(INPUTS, "invalid", "must be an object", value=value, pointer=pointer)


def _decoded(text: bytes) -> Any:
    """The value, to be sent back; None for a long one or one that can't be decoded."""
    try:
        return msgspec.json.decode(text) if len(text) <= MAX_ECHO else None
    except msgspec.ValidationError:  # a number that is out of range
        return None
