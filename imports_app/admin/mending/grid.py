"""A page of an import's failed rows, as a grid of cells with their errors."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from django.core.paginator import Page, Paginator
from django.utils.text import Truncator

from imports_app.admin.mending.edits import Members, Mending, text_of, wrong_of
from imports_app.engine.reading import read
from imports_app.engine.types import schema_for
from imports_app.inputs.cell_form import CellForm
from imports_app.models import ImportChunk, RowFailure
from imports_app.outputs.texts import row_of
from imports_app.storage.failures import failed_rows_of
from imports_app.storage.lines import lines_at

ROWS = 100
MAX_COLUMNS = 30
FIELDS_A_ROW = 6  # that can be changed at once, because Django takes 1,000 fields of a form
SHOWN_EQUAL = 20
LOOKED_AT = 20_000  # rows that are searched for equal cells
LONGEST = 1_000  # characters of a cell that is shown


class GridCell(NamedTuple):
    """A cell. It `can_be_changed` if it is wrong, or if its row is open for changes."""

    attribute: str
    text: str
    error: str
    is_changed: bool
    can_be_changed: bool
    options: Sequence[str]


class GridRow(NamedTuple):
    """A row, with its index among the inputs.

    `errors` has the errors that belong to none of its cells. `is_mended` says that no error is
    left, apart from those that only the database can find.
    """

    number: int
    line: int | None
    key: str
    cells: list[GridCell]
    errors: list[str]
    is_left_out: bool
    is_mended: bool


class Grid(NamedTuple):
    """A page of rows under their columns."""

    columns: list[str]
    rows: list[GridRow]
    page: Page[Any]


class Equal(NamedTuple):
    """A cell that is wrong in several rows, the number of these, and its replacement, if any."""

    text: str
    rows: int
    new: str


def failed_with(mending: Mending, attribute: str, message: str) -> list[int] | None:
    """Return the indexes of the rows with that error; None if the error isn't given."""
    if not attribute:
        return None
    failures = mending.import_.failures.values_list("index", "errors")
    return [
        index
        for index, errors in failures.iterator()
        if (found := wrong_of(errors).get(attribute)) is not None and found.startswith(message)
    ]


def grid_of(mending: Mending, wanted: list[int] | None, number: Any, opened: int | None) -> Grid:
    """Return the page of that number. It shows the `wanted` rows, or all if that is None."""
    failures = mending.import_.failures.all()
    rows: Any = failures if wanted is None else wanted
    paginator: Paginator[Any] = Paginator(rows, ROWS)
    if opened is not None and wanted is None and not number:
        number = failures.filter(index__lt=opened).count() // ROWS + 1
    page = paginator.get_page(number)
    on_page = list(page.object_list)
    if wanted is not None:
        on_page = list(failures.filter(index__in=on_page))
    columns, made = _rows(mending, on_page, opened)
    return Grid(columns, made, page)


def equal_cells(mending: Mending, attribute: str, wanted: Iterable[int]) -> list[Equal]:
    """Return the most frequent wrong cells of the attribute in the wanted rows."""
    if not mending.may_edit(attribute):
        return []
    indexes = sorted(wanted)[:LOOKED_AT]
    counted: Counter[str] = Counter()
    for start in range(0, len(indexes), 500):
        some = mending.import_.failures.filter(index__in=indexes[start : start + 500])
        for _, row in failed_rows_of(mending.import_.pk, list(some)):
            if row is not None:
                counted[text_of(msgspec.json.decode(row, type=Members).get(attribute))] += 1
    news = {rule.old: rule.new for rule in mending.edits.rules if rule.attribute == attribute}
    return [
        Equal(text, count, news.get(text, "")) for text, count in counted.most_common(SHOWN_EQUAL)
    ]


def options_of(mending: Mending, attribute: str) -> Sequence[str]:
    """Return the values that the attribute takes, if they are known and few."""
    kind = mending.kinds.get(attribute)
    if kind is None:
        return ()
    if "boolean" in kind.types and not kind.is_text:
        return ("true", "false")
    return kind.values


def edit(
    mending: Mending, texts: Mapping[int, Mapping[str, str]], *, are_whole: bool = False
) -> None:
    """Take over those cells of the rows that differ. Raises DraftsFull.

    If the rows `are_whole`, the cell of an attribute that a row doesn't have is empty.
    """
    failures = list(mending.import_.failures.filter(index__in=list(texts)))
    for failure, row in failed_rows_of(mending.import_.pk, failures):
        if row is None:
            continue
        members = msgspec.json.decode(row, type=Members)
        cells = {**dict.fromkeys(members if are_whole else (), ""), **texts[failure.index]}
        shown = mending.shown(failure, members)
        for attribute, text in cells.items():
            if text != shown.get(attribute, ""):
                mending.edit(failure.index, attribute, text)


def _rows(
    mending: Mending, failures: list[RowFailure], opened: int | None
) -> tuple[list[str], list[GridRow]]:
    lines = lines_at(mending.import_.pk, [failure.index for failure in failures])
    pairs = [
        (failure, msgspec.json.decode(row_of(row, mending.import_.resource_type), type=Members))
        for failure, row in failed_rows_of(mending.import_.pk, failures)
        if row is not None
    ]
    columns = _columns(mending, pairs)
    return columns, [
        _row(mending, failure, row, columns, lines.get(failure.index), opened == failure.index)
        for failure, row in pairs
    ]


def _columns(mending: Mending, pairs: list[tuple[RowFailure, Members]]) -> list[str]:
    names: dict[str, None] = {}
    for failure, _ in pairs:
        wrong = wrong_of(failure.errors)
        names.update(dict.fromkeys(n for n in wrong if n in mending.kinds and mending.may_edit(n)))
    for _, row in pairs:
        names.update(dict.fromkeys(name for name in row if mending.may_edit(name)))
    return list(names)[:MAX_COLUMNS]


def _row(  # noqa: PLR0913, PLR0917  (a row, and how it is shown)
    mending: Mending,
    failure: RowFailure,
    row: Members,
    columns: list[str],
    line: int | None,
    is_open: bool,  # noqa: FBT001
) -> GridRow:
    wrong = wrong_of(failure.errors)
    changes = mending.changes(failure.index, row, wrong)
    made = mending.mended(row, changes)
    still = _still_wrong(mending, made) if changes else wrong
    fields = [name for name in columns if name in wrong or name in still][:FIELDS_A_ROW]
    shown = mending.shown(failure, row)
    cells = [
        GridCell(
            attribute=name,
            text=Truncator(shown.get(name, "")).chars(LONGEST),
            error=still.get(name, ""),
            is_changed=name in changes,
            can_be_changed=(is_open or name in fields) and _fits_a_field(shown.get(name, "")),
            options=options_of(mending, name),
        )
        for name in columns
    ]
    rest = [f"{n} {message}" for n, message in still.items() if n not in columns]
    return GridRow(
        number=failure.index,
        line=line,
        key=failure.key or "",
        cells=cells,
        errors=rest,
        is_left_out=failure.index in mending.edits.left_out,
        is_mended=bool(changes) and not still,
    )


def _fits_a_field(text: str) -> bool:
    return len(text) < LONGEST and text.isprintable()


def _still_wrong(mending: Mending, row: Members) -> dict[str, str]:
    """Return the errors of the mended row that can be found without the database."""
    schema = schema_for(mending.importer)
    text = msgspec.json.encode([row])
    chunk = ImportChunk(first_row=0, rows=1, inputs=text)
    form = CellForm.of(mending.import_.file)
    found: dict[str, str] = {}
    for checked in read(schema, chunk, 0, 1, format_=mending.import_.format, form=form):
        for error in checked.errors:
            found.setdefault(error.attribute, error.message)
    return found
