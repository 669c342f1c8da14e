"""The rows of a JSON array: cut apart and measured, never decoded."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, repeat
from typing import Any

import msgspec
from msgspec import Raw

from imports_app.conf import conf
from imports_app.inputs.json_text import first_invalid_byte, nests_deeper, not_json
from imports_app.inputs.limits import MAX_NAMED, ROW_DEPTH, too_big_row, too_deep, too_many_rows
from imports_app.inputs.numbers import number_fault
from imports_app.inputs.refusals import Fault, InputsRefused, refused

OBJECT = ord("{")
MAX_ECHO = 1_000  # bytes of a value that are looked at to send it back
ROWS_A_LOOK = 16
RUN = 64 * 1024  # bytes of rows that are looked at together
BRACKETS = (b"{", b"[")

_as_rows = msgspec.json.Decoder(list[Raw])


class TooManyRows(Exception):
    """There are more rows than conf.max_rows."""


def json_rows(text: bytes, *, depth: int = ROW_DEPTH) -> list[Raw]:
    """Return each row's JSON text, as views of the whole. `depth` is how much each row stands in.

    The text is UTF-8. Raises InputsRefused that names what is no row, and Unreadable for what is
    no JSON or nests too deep.
    """
    if text[:1] != b"[":
        raise refused("invalid", "must be an array of objects", decoded(text))
    rows = _split(text)
    if not rows:
        raise refused("blank", "can't be blank")
    _check_depth(rows, depth)
    if not _are_sound(rows) or number_fault(text):
        raise InputsRefused(list(islice(_faults(rows), MAX_NAMED)))
    return rows


def sound_rows(
    texts: Iterable[tuple[int, bytes]], look: Callable[[bytes, int, int], Fault | None]
) -> Iterator[tuple[int, bytes]]:
    """Yield the texts, each with its line, as long as `look` finds nothing wrong with one of them.

    It gets each text with its index and its line. Raises InputsRefused that names what it found,
    and for no text or too many.
    """
    faults: list[Fault] = []
    count = 0
    for run in _runs(texts):
        some = run[: conf.max_rows - count]
        if some and not _are_rows([text for _, text in some]):
            looks = (look(text, index, line) for index, (line, text) in enumerate(some, count))
            faults += islice(filter(None, looks), MAX_NAMED - len(faults))
        if len(faults) == MAX_NAMED:
            break
        if len(some) < len(run):
            raise too_many_rows()
        count += len(run)
        if not faults:
            yield from run
    if faults:
        raise InputsRefused(faults)
    if not count:
        raise refused("blank", "can't be blank")


def _runs(texts: Iterable[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    """Yield some at a time. What goes wrong with the texts is raised behind those before it."""
    run: list[tuple[int, bytes]] = []
    size = 0
    try:
        for each in texts:
            run.append(each)
            size += len(each[1])
            if size > RUN:
                yield run
                run, size = [], 0
    except Exception:
        if run:
            yield run
        raise
    if run:
        yield run


def _are_rows(texts: Sequence[bytes]) -> bool:
    """Return whether each of the texts is a row that nothing is wrong with; False if in doubt.

    It takes a fraction of the time that it takes to look at each of them.
    """
    array = b"[%b]" % b",".join(texts)
    if first_invalid_byte(array) is not None:
        return False
    try:
        rows = _as_rows.decode(array)
    except (msgspec.DecodeError, RecursionError):
        return False
    # Of the same lengths they are cut at the same places: no text is two rows, or half of one.
    return (
        list(map(len, rows)) == list(map(len, texts))
        and _are_sound(rows)
        and not number_fault(array)
        and not _may_nest_deeper(texts, conf.max_depth - ROW_DEPTH)
    )


def _may_nest_deeper(texts: Sequence[bytes], limit: int) -> bool:
    most = (max(map(bytes.count, texts, repeat(bracket)), default=0) for bracket in BRACKETS)
    return sum(most) > limit


def fault_of(row: Raw, index: int, line: int | None = None) -> Fault | None:
    """Return what is wrong with a row whose text is JSON: what it is, its size, a number."""
    if memoryview(row)[0] != OBJECT:
        return _no_object(index, decoded(bytes(row)), line)
    if len(row) > conf.max_row_bytes:
        return Fault("too_big", too_big_row(), index, line)
    if message := number_fault(bytes(row)):
        return Fault("unreadable_number", message, index, line)
    return None


def decoded(text: bytes) -> Any:
    """Return the value, to be sent back; None for a long one or one that can't be decoded."""
    try:
        return msgspec.json.decode(text) if len(text) <= MAX_ECHO else None
    except (msgspec.MsgspecError, RecursionError):  # a number that is out of range, or no JSON
        return None


def _split(text: bytes) -> list[Raw]:
    try:
        if text.count(b",") >= conf.max_rows:
            _count(text)
        return _as_rows.decode(text)
    except msgspec.DecodeError as error:
        raise not_json(text, error) from None
    except RecursionError:
        raise too_deep() from None


def _count(text: bytes) -> None:
    """Refuse too many rows, or the first that is none, before all of them take up memory."""
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
        raise too_many_rows() from None
    except msgspec.ValidationError:
        raise InputsRefused([_no_object(rows, None)]) from None


def _are_sound(rows: Sequence[Raw]) -> bool:
    """Return whether `fault_of` finds none in any: nearly always, so it is asked of all at once."""
    # One view at a time: the garbage collector would look through thousands of them.
    all_objects = all(memoryview(row)[0] == OBJECT for row in rows)
    return all_objects and max(map(len, rows)) <= conf.max_row_bytes


def _faults(rows: Sequence[Raw]) -> Iterator[Fault]:
    for index, row in enumerate(rows):
        if fault := fault_of(row, index):
            yield fault


def _check_depth(rows: Sequence[Raw], depth: int) -> None:
    """Look at some rows at once: flat ones have a bracket each, and hardly any has many more.

    A row without a bracket, which could make up for another's, is no object and refused later.
    """
    limit = conf.max_depth - depth
    for start in range(0, len(rows), ROWS_A_LOOK):
        some = rows[start : start + ROWS_A_LOOK]
        text = b"".join(some)
        if text.count(b"{") + text.count(b"[") - len(some) < limit:
            continue
        if any(nests_deeper(bytes(row), limit) for row in some):
            raise too_deep()


def _no_object(index: int, value: Any, line: int | None = None) -> Fault:
    return Fault("invalid", "must be an object", index, line, value)
