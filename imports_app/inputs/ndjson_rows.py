"""The rows of NDJSON: a JSON object each line."""

from collections.abc import Iterator
from typing import IO

import msgspec
from msgspec import Raw

from imports_app.conf import conf
from imports_app.inputs.formats import BOM
from imports_app.inputs.json_rows import fault_of, sound_rows
from imports_app.inputs.json_text import SPACE, first_invalid_byte, nests_deeper, not_json
from imports_app.inputs.limits import ROW_DEPTH, too_big_row, too_deep
from imports_app.inputs.refusals import Fault, InputsRefused, Unreadable

_as_row = msgspec.json.Decoder(Raw)


def ndjson_rows(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Return each line's JSON text with its number, one after another; blank lines are no rows.

    Raises InputsRefused that names the lines of what is no row, and Unreadable for what nests too
    deep.
    """
    return sound_rows(
        _lines(stream), lambda line, index, number: fault_of(_row(line, number), index, number)
    )


def _lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank, with their numbers; none is read beyond a row's limit."""
    longest = conf.max_row_bytes
    number = 0
    while line := stream.readline(longest + len(BOM) + 2):
        number += 1
        text = (line.removeprefix(BOM) if number == 1 else line).strip(SPACE)
        if len(text) > longest or (not line.endswith(b"\n") and stream.read(1)):
            raise InputsRefused([Fault("too_big", too_big_row(), line=number)])
        if text:
            yield number, text


def _row(line: bytes, number: int) -> Raw:
    """Return the line, if it is JSON."""
    if (position := first_invalid_byte(line)) is not None:
        raise _malformed(f"is not UTF-8 (byte {position})", number)
    try:
        row = _as_row.decode(line)
    except msgspec.DecodeError as error:
        raise _malformed(not_json(line, error).predicate, number) from None
    except RecursionError:
        raise _at(too_deep(), number) from None
    if nests_deeper(line, conf.max_depth - ROW_DEPTH):
        raise _at(too_deep(), number)
    return row


def _malformed(message: str, number: int) -> InputsRefused:
    return InputsRefused([Fault("malformed", message, line=number)])


def _at(error: Unreadable, number: int) -> InputsRefused:
    return InputsRefused([Fault("too_deep", error.predicate, line=number)])
