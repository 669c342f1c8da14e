"""Parse `file_options`, by which the sender of a file says how to read it."""

import codecs
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Any

from imports_app.exceptions import ImportsError
from imports_app.inputs.limits import MAX_MEMBERS, MAX_NAME

DELIMITERS = (",", ";", "\t", "|")
KEEP, CLEAR = "keep", "clear"
DATES = ("dmy", "mdy")
TRANSFORMS = ("cents", *DATES, "words", "split", CLEAR)  # see transforms.py
DECIMALS = (".", ",")
ENCODINGS = (
    *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii", "mac-roman", "koi8-r", "koi8-u"),
    *(f"cp125{number}" for number in range(9)),
    *(f"iso8859-{number}" for number in (*range(1, 12), *range(13, 17))),
    *("cp437", "cp850", "cp852", "cp858", "cp866", "cp874", "cp932", "cp949", "cp950"),
    *("shift_jis", "euc_jp", "euc_kr", "gbk", "gb18030", "gb2312", "big5", "big5hkscs"),
)


class OptionsRefused(ImportsError):
    """`file_options` with errors: a message for each wrong member."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name} {message}" for name, message in faults.items()))
        self.faults = faults


@dataclass(frozen=True)
class FileOptions:
    """How to read a file, as far as its sender says; the rest is detected.

    Attributes:
        empty: whether an empty cell clears the value or keeps it.
        columns: the attribute that a column of the file is for, by its name; None leaves it out.
        transforms: what is done to the cells of a column, by its name; see transforms.py.
    """

    delimiter: str | None = None
    encoding: str | None = None
    decimal: str | None = None
    dates: str | None = None
    empty: str = KEEP
    sheet: str | None = None
    columns: Mapping[str, str | None] = field(default_factory=dict)
    transforms: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, sent: Mapping[str, Any] | None) -> "FileOptions":
        """Return the options of that object; a null is as good as none. Raises OptionsRefused."""
        given = {name: value for name, value in (sent or {}).items() if value is not None}
        if faults := dict(_faults(given)):
            raise OptionsRefused(faults)
        if given.get("delimiter") == "tab":
            given["delimiter"] = "\t"
        return cls(**given)

    @property
    def clears(self) -> bool:
        """Whether an empty cell clears the value."""
        return self.empty == CLEAR


NOTHING_SAID = FileOptions()


def codec_of(encoding: str) -> str | None:
    """Return the name of that text encoding in Python; None for what is none of ENCODINGS."""
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        return None
    return name if name in _codecs() else None


@cache
def _codecs() -> frozenset[str]:
    """Each of them is a module; few processes ever read a file."""
    return frozenset(codecs.lookup(name).name for name in ENCODINGS)


def _faults(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in given.items():
        check = _CHECKS.get(name)
        if check is None:
            near = get_close_matches(name[:MAX_NAME], _CHECKS, 1, cutoff=0)
            yield name[:MAX_NAME], f"is unknown; the nearest is {near[0]}"
        elif message := check(value):
            yield name, message


def _one_of(*values: str) -> Callable[[Any], str | None]:
    words = " or ".join(repr(value).replace("'\\t'", "tab") for value in values)
    return lambda value: None if value in (*values, *_aliases(values)) else f"must be {words}"


def _aliases(values: tuple[str, ...]) -> tuple[str, ...]:
    return ("tab",) if "\t" in values else ()


def _encoding(value: Any) -> str | None:
    if isinstance(value, str) and codec_of(value):
        return None
    return "is not a known encoding, such as utf-8, windows-1252 or iso-8859-2"


def _sheet(value: Any) -> str | None:
    fits = isinstance(value, str) and 0 < len(value) <= MAX_NAME
    return None if fits else "must be the name of a sheet"


def _columns(value: Any) -> str | None:
    if not isinstance(value, dict) or len(value) > MAX_MEMBERS:
        return "must be an object: the file's columns, each with its attribute or null"
    for attribute in value.values():
        if attribute is not None and not (isinstance(attribute, str) and attribute):
            return "must have an attribute's name, or null, for each column"
    return None


def _transforms(value: Any) -> str | None:
    if not isinstance(value, dict) or len(value) > MAX_MEMBERS:
        return "must be an object: columns of the file, each with a conversion of its cells"
    if any(transform not in TRANSFORMS for transform in value.values()):
        return f"must have one of {', '.join(TRANSFORMS)} for each column"
    return None


_CHECKS: Mapping[str, Callable[[Any], str | None]] = {
    "delimiter": _one_of(*DELIMITERS),
    "encoding": _encoding,
    "decimal": _one_of(*DECIMALS),
    "dates": _one_of(*DATES),
    "empty": _one_of(KEEP, CLEAR),
    "sheet": _sheet,
    "columns": _columns,
    "transforms": _transforms,
}
