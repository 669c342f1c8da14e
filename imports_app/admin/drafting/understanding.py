"""Reads a draft's file: finds out what is in it, and what it gives as rows of its type."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec

from imports_app.admin.drafting.cells import cells_of, rows_by_column
from imports_app.admin.drafting.draft import Choice, Draft, Survey, Trouble
from imports_app.admin.drafting.matching import guessed_type, suggested
from imports_app.engine.types import Schema
from imports_app.inputs import Fault, InputsRefused, RowSource, Unreadable
from imports_app.inputs.file_options import DECIMALS
from imports_app.inputs.number_cells import number_text, sign_of
from imports_app.storage import drafts

FIRST_ROWS = 1_000
FIRST_BYTES = 512 * 1024
OPTION = re.compile(r"file_options\[(decimal|dates|encoding|delimiter|columns)\]")
LABELS = {
    "decimal": "Numbers are written",
    "dates": "Dates are written",
    "encoding": "Encoding",
    "delimiter": "Between cells",
    "columns": "Attribute",
}
MAX_TROUBLES = 10  # are shown for one file

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


def look(draft: Draft) -> None:
    """Look through the file, and then read it as rows of its type.

    Raises SealBroken; Unreadable for a file that can't be one of rows.
    """
    state = draft.state
    state.survey, state.notices, state.decimal = None, [], None
    try:
        source = draft.read(None, dict(state.given))
    except InputsRefused as refusal:
        state.troubles = list(troubles_of(refusal))
        return
    state.survey = _survey(source)
    if not draft.kept.resource_type:
        draft.kept.resource_type = guessed_type(state.survey.header) or ""
    look_as_type(draft)


def look_as_type(draft: Draft) -> None:
    """Find out what depends on the type: the decimal sign, and why the rows can't be read."""
    state = draft.state
    state.notices, state.troubles = state.survey.notices if state.survey else [], []
    try:
        source = rows_of(draft)
    except (InputsRefused, Unreadable) as refusal:
        state.troubles = list(troubles_of(refusal))
        return
    file = source.file or {}
    state.decimal = file.get("decimal")
    state.notices = [_for_staff(notice) for notice in file.get("notices", [])]


def rows_of(draft: Draft) -> RowSource:
    """Read the file for an import. Raises InputsRefused, Unreadable, SealBroken."""
    if draft.target is None:
        raise InputsRefused([Fault("blank", "needs a resource type: choose one")])
    return draft.read(draft.target, options_of(draft))


def options_of(draft: Draft) -> dict[str, Any]:
    """Return the `file_options` of the import."""
    survey = draft.state.survey
    options: dict[str, Any] = {name: value for name, value in draft.state.given.items() if value}
    if survey is None or not survey.is_table:
        return options
    if survey.delimiter:
        options["delimiter"] = survey.delimiter
    chosen = choices(draft)
    options["columns"] = {name: choice.attribute for name, choice in chosen.items()}
    transforms = {name: c.transform for name, c in chosen.items() if c.attribute and c.transform}
    return options | ({"transforms": transforms} if transforms else {})


def choices(draft: Draft) -> Mapping[str, Choice]:
    """Return each column's choice: that of the page, that for the last file, or a suggestion."""
    survey, schema = draft.state.survey, draft.schema
    if survey is None or schema is None:
        return {}
    found = _suggestions(draft, schema, survey)
    return {name: draft.state.chosen.get(name, found[name]) for name in survey.header}


def _suggestions(draft: Draft, schema: Schema, survey: Survey) -> Mapping[str, Choice]:
    """Return the suggestions, which are worked out once for each type and survey."""
    type_ = draft.kept.resource_type
    known, found = draft.suggestions or (None, {})
    if known is None or known[0] != type_ or known[1] is not survey:
        before = drafts.remembered(type_, survey.header) or {}
        last = {name: Choice(to, does, "as last time") for name, (to, does) in before.items()}
        found = suggested(draft, schema, last)
        draft.suggestions = ((type_, survey), found)
    return found


def decimal_of(draft: Draft) -> str | None:
    """Return the decimal sign: as given, or as in the columns or cells that look like numbers."""
    state = draft.state
    shown = state.survey.decimal if state.survey else None
    return state.given.get("decimal") or state.decimal or shown


def _survey(source: RowSource) -> Survey:
    file = source.file or {}
    first: list[str] = []
    lines: list[int] = []
    left = FIRST_BYTES
    for row, line in zip(islice(source.rows, FIRST_ROWS), source.lines, strict=False):
        text = bytes(row).decode()
        left -= len(text)
        if left < 0 and first:
            break
        first.append(text)
        lines.append(line)
    known = file.get("columns")
    header = list(known) if known is not None else list(_names(first))
    own = ("encoding", "delimiter", "sheet")
    return Survey(
        format=file["format"],
        rows=len(source.rows),
        header=header,
        first=first,
        lines=lines,
        sheets=list(source.sheets),
        decimal=_decimal_shown(header, first) if known is not None else None,
        notices=[_for_staff(notice) for notice in file.get("notices", [])],
        **{name: file[name] for name in own if name in file},
    )


def _decimal_shown(header: Sequence[str], first: Sequence[str]) -> str | None:
    """Return the sign that columns with nothing but numbers show; None if they don't agree."""
    rows = rows_by_column(first)
    signs: set[str] = set()
    for column in header:
        cells = [cell for cell in cells_of(rows, column) if isinstance(cell, str) and cell.strip()]
        if all(any(number_text(cell, sign) for sign in DECIMALS) for cell in cells):
            signs.update(sign for cell in cells if (sign := sign_of(cell)))
    return signs.pop() if len(signs) == 1 else None


def _names(rows: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(name for row in rows for name in _members.decode(row.encode()))


def troubles_of(refusal: InputsRefused | Unreadable) -> Iterator[Trouble]:
    """Yield the reasons of a refusal, in sentences."""
    if isinstance(refusal, Unreadable):
        yield Trouble("unreadable", str(refusal))
        return
    for fault in refusal.faults[:MAX_TROUBLES]:
        yield Trouble(fault.error, _sentence(fault))
    if (more := len(refusal.faults) - MAX_TROUBLES) > 0:
        yield Trouble("more", f"And {more} more.")


def _sentence(fault: Fault) -> str:
    message = _for_staff(fault.message)
    if fault.line is not None:
        return f"Line {fault.line} {message}."
    place = "The file" if fault.index is None else f"Row {fault.index}"
    return f"{place} {message}."


def _for_staff(message: str) -> str:
    """Return the message, with the options named as on the page."""
    return OPTION.sub(lambda match: f"\u201c{LABELS[match[1]]}\u201d", message)
