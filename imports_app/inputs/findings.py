"""Find out from all cells of a file together how they are written."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from imports_app.inputs.casting import keeps_text, shown
from imports_app.inputs.columns import Column
from imports_app.inputs.file_options import CLEAR, FileOptions
from imports_app.inputs.kinds import Kind
from imports_app.inputs.number_cells import is_ambiguous, number_text, sign_of
from imports_app.inputs.refusals import refused
from imports_app.inputs.target import Target
from imports_app.inputs.time_cells import lacks_offset
from imports_app.inputs.transforms import CENTS, without_currency

SCIENTIFIC = re.compile(r"\s*[+-]?[0-9](?:[.,][0-9]+)?E\+[0-9]{2,3}\s*")
BEYOND_SHEETS = 10**15  # from there on spreadsheets don't keep all digits of a number
MAX_LINES = 10  # that a notice names
MAX_DOUBLED = 10_000  # different keys that are counted

Typed = list[tuple[int, str]]


class Findings:
    """Looks at the cells of each row in turn.

    Attributes:
        decimal: the sign before the places of numbers; None as long as no cell has decided it.
        notices: what is to be known of the file, found at the end.
    """

    def __init__(
        self, columns: Sequence[Column], target: Target | None, options: FileOptions
    ) -> None:
        self._options = options
        self.decimal = options.decimal
        self.notices: list[str] = []
        kinds = _kinds(columns, target)
        self._numbers = [(n, name) for n, name, kind in kinds if kind.is_number]
        self._transforms = _transforms(columns, options)
        self._money = {n for n, name, _ in kinds if self._transforms.get(name) == CENTS}
        self._times = [(n, name) for n, name, kind in kinds if kind.is_time]
        self._texts = [(n, name) for n, name, kind in kinds if keeps_text(kind)]
        self._keys = target.key_names if target else frozenset()
        self._decided: tuple[int, str] | None = None
        self._question: tuple[int, str, str] | None = None
        self._without_offset: dict[str, int] = {}
        self._lossy: dict[tuple[str, str], list[tuple[int, str]]] = {}
        self._lossy_count: Counter[tuple[str, str]] = Counter()
        self._doubled: dict[str, Counter[str]] = {}

    def look(self, cells: Sequence[Any], line: int) -> None:
        """Take the cells of one row into account. Raises InputsRefused for a contradiction."""
        if self._numbers and self._options.decimal is None:
            self._look_at_numbers(cells, line)
        if self._times:
            self._look_at_times(cells, line)
        for place, name in self._texts:
            cell = cells[place] if place < len(cells) else ""
            if isinstance(cell, str):
                if "E+" in cell and SCIENTIFIC.fullmatch(cell):
                    self._note_lossy(name, "digits in scientific form", cell.strip(), line)
            elif isinstance(cell, int | float) and abs(cell) >= BEYOND_SHEETS:
                self._note_lossy(name, "numbers of more than 15 digits", str(cell), line)

    def end(self) -> None:
        """Conclude. Raises InputsRefused where a question is open."""
        if self._question and self.decimal is None:
            raise _open_question(*self._question)
        for name, line in self._without_offset.items():
            self.notices.append(
                f"the times of {name} have no offset and were taken for UTC (line {line})"
            )
        for (name, what), places in self._lossy.items():
            count = self._lossy_count[name, what]
            self.notices.append(_lossy_notice(f"{name} has {what}", places, count))

    def as_kept(self) -> dict[str, Any]:
        """Return what the engine has to know to cast the cells, and what it is to say."""
        doubled = {
            name: sorted(cell for cell, count in counts.items() if count > 1)
            for name, counts in self._doubled.items()
        }
        return {
            "decimal": self.decimal,
            "dates": self._options.dates,
            "transforms": self._transforms,
            "doubled": {name: cells for name, cells in doubled.items() if cells},
            "notices": self.notices,
        }

    def _look_at_numbers(self, cells: Sequence[Any], line: int) -> None:
        for place, name in self._numbers:
            cell = cells[place] if place < len(cells) else ""
            if place in self._money:
                cell = without_currency(str(cell))
            if not isinstance(cell, str) or ("." not in cell and "," not in cell):
                continue
            sign = sign_of(cell)
            if sign is None:
                if not self._question and is_ambiguous(cell):
                    self._question = (line, name, cell.strip())
            elif self.decimal is None:
                self.decimal, self._decided = sign, (line, cell.strip())
            elif sign != self.decimal and number_text(cell, self.decimal) is None:
                raise self._contradiction(line, name, cell.strip())

    def _contradiction(self, line: int, name: str, cell: str) -> Exception:
        before, decided = self._decided or (line, "")
        return refused(
            "contradiction",
            f"has numbers with a decimal point and with a decimal comma: {shown(decided)} at line "
            f"{before}, and {shown(cell)} in {name} at line {line}; set file_options[decimal]",
            option="decimal",
        )

    def _look_at_times(self, cells: Sequence[Any], line: int) -> None:
        for place, name in self._times:
            if name in self._without_offset or place >= len(cells):
                continue
            if isinstance(cells[place], str) and lacks_offset(cells[place]):
                self._without_offset[name] = line

    def _note_lossy(self, name: str, what: str, cell: str, line: int) -> None:
        self._lossy_count[name, what] += 1
        places = self._lossy.setdefault((name, what), [])
        if len(places) < MAX_LINES:
            places.append((line, cell))
        if name in self._keys:
            counts = self._doubled.setdefault(name, Counter())
            if len(counts) < MAX_DOUBLED or cell in counts:
                counts[cell] += 1


def _transforms(columns: Sequence[Column], options: FileOptions) -> dict[str, str]:
    """Return what is done to the cells of columns, by attribute, before they are cast."""
    found = ((column.path, options.transforms.get(column.name)) for column in columns)
    return {path[0]: each for path, each in found if path and each and each != CLEAR}


def _kinds(columns: Sequence[Column], target: Target | None) -> list[tuple[int, str, Kind]]:
    """Return the kinds of those columns whose type is known, nested ones too."""
    if target is None:
        return []
    found = ((column, _kind(column.path, target.kinds)) for column in columns if column.path)
    return [(column.place, ".".join(column.path or ()), kind) for column, kind in found if kind]


def _kind(path: Sequence[str], kinds: Mapping[str, Kind]) -> Kind | None:
    first, *rest = path
    kind = kinds.get(first)
    for part in rest:
        kind = (kind.items or kind).members.get(part) if kind else None
    return kind


def _open_question(line: int, name: str, cell: str) -> Exception:
    digits = cell.replace(".", "").replace(",", "")
    small = cell.replace(",", ".").rstrip("0").rstrip(".")
    return refused(
        "ambiguous",
        f"has a number that can be read in two ways, and no other number says which: {shown(cell)} "
        f"in {name} at line {line} is {small} or {digits}; say which sign is the "
        "decimal one, '.' or ',' (file_options[decimal])",
        option="decimal",
    )


def _lossy_notice(what: str, places: Sequence[tuple[int, str]], count: int) -> str:
    lines = ", ".join(str(line) for line, _ in places)
    more = f" and {count - len(places)} more" if count > len(places) else ""
    word = "line" if count == 1 else "lines"
    return f"{what}, such as {places[0][1]}, of which some may be lost ({word} {lines}{more})"
