"""The rows of a JSON array that comes piece by piece: cut apart, never decoded as a whole."""

import re
from collections.abc import Iterator
from functools import partial
from typing import IO

import msgspec
from msgspec import Raw

from imports_app.conf import conf
from imports_app.inputs.formats import BOM
from imports_app.inputs.json_rows import decoded, fault_of, sound_rows
from imports_app.inputs.json_text import SPACE, check_utf8, nests_deeper, not_json
from imports_app.inputs.limits import ROW_DEPTH, too_big_row, too_deep
from imports_app.inputs.refusals import Fault, InputsRefused, Unreadable, refused
from imports_app.inputs.unpacking import PIECE

# Up to the next bracket; strings are gone over.
TO_BRACKET = re.compile(rb'(?:[^"{}\[\]]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+([{}\[\]])', re.DOTALL)
TO_MARK = re.compile(rb'((?:[^",{}\[\]]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")++)[,\]]', re.DOTALL)
OPENING = (b"{", b"[")

_as_row = msgspec.json.Decoder(Raw)


def array_rows(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Return each row's JSON text with the line where it begins, one after another.

    Raises InputsRefused that names what is no row, and Unreadable for what is no JSON.
    """
    return sound_rows(
        _elements(stream), lambda text, index, line: fault_of(_row(text, line), index)
    )


def _row(text: bytes, line: int) -> Raw:
    try:
        check_utf8(text)
        row = _as_row.decode(text)
    except msgspec.DecodeError as error:
        raise _at(not_json(text, error), line) from None
    except Unreadable as reason:
        raise _at(reason, line) from None
    except RecursionError:
        raise too_deep() from None
    if nests_deeper(text, conf.max_depth - ROW_DEPTH):
        raise too_deep()
    return row


def _at(reason: Unreadable, line: int) -> Unreadable:
    return Unreadable(f"{reason.predicate}, in the row at line {line}")


class _Text:
    """The part of the text that is in hand, and what of it was gone over."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._pieces = iter(partial(stream.read, PIECE), b"")
        self.buffer = bytearray()
        self.line = 1

    def more(self) -> bool:
        """Read on; False at the end."""
        piece = next(self._pieces, None)
        if piece is None:
            return False
        self.buffer += piece
        return True

    def take(self, size: int) -> bytes:
        """Return so much of it, once."""
        text = bytes(self.buffer[:size])
        del self.buffer[:size]
        self.line += text.count(b"\n")
        return text

    def skip_space(self) -> bytes:
        """Return the next byte that is no space, without taking it; none at the end."""
        while True:
            size = len(self.buffer) - len(self.buffer.lstrip(SPACE))
            self.take(size)
            if self.buffer or not self.more():
                return bytes(self.buffer[:1])


def _elements(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield the texts between the commas of the array."""
    text = _Text(stream)
    while len(text.buffer) < len(BOM) and text.more():
        pass
    if text.buffer.startswith(BOM):
        text.take(len(BOM))
    if text.skip_space() != b"[":
        raise refused("invalid", "must be an array of objects", decoded(bytes(text.buffer)))
    text.take(1)
    count = 0
    while (first := text.skip_space()) != b"]" or count:
        line = text.line
        size = _compound(text, count) if first in OPENING else _scalar(text, count)
        yield line, text.take(size).rstrip(SPACE)
        count += 1
        if (mark := text.skip_space()) not in (b",", b"]") or not mark:
            raise _malformed(text)
        text.take(1)
        if mark == b"]":
            break
    else:
        text.take(1)
    if text.skip_space():
        raise Unreadable(f"is not JSON: something follows the array (line {text.line})")


def _compound(text: _Text, index: int) -> int:
    """Return the length of the object or array that the text begins with."""
    depth = position = 0
    while True:
        match = TO_BRACKET.match(text.buffer, position)
        if match is None:
            _read_on(text, index)
            continue
        position = match.end()
        depth += 1 if match[1] in OPENING else -1
        if depth == 0:
            return position
        if depth > conf.max_depth:
            raise too_deep()


def _scalar(text: _Text, index: int) -> int:
    """Return the length of what is neither, up to the next mark."""
    while (match := TO_MARK.match(text.buffer)) is None:
        _read_on(text, index)
    return match.end(1)


def _read_on(text: _Text, index: int) -> None:
    if len(text.buffer) > conf.max_row_bytes + PIECE:
        raise InputsRefused([Fault("too_big", too_big_row(), index)])
    if not text.more():
        raise Unreadable("is not JSON: it ends in the middle of the array")


def _malformed(text: _Text) -> Unreadable:
    if not text.buffer:
        return Unreadable("is not JSON: it ends in the middle of the array")
    return Unreadable(f"is not JSON: a comma is missing at line {text.line}")
