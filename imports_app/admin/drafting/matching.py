"""Suggests attributes for the columns of a file, by their names, by similar names, and by cells."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from imports_app.admin.drafting.cells import cells_of, rows_by_column
from imports_app.admin.drafting.draft import Choice, Draft
from imports_app.engine.reading import target_of
from imports_app.engine.types import Schema, schema_for
from imports_app.importer import Importer
from imports_app.inputs import Target
from imports_app.inputs.casting import BOOLEANS
from imports_app.inputs.file_options import DATES
from imports_app.inputs.kinds import Kind
from imports_app.inputs.names import names_of
from imports_app.inputs.number_cells import PLACES
from imports_app.inputs.transforms import CENTS, NO, WORDS, YES, suits, without_currency
from imports_app.registry import importers

LOOKED_AT = 200  # rows
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
DAY_FIRST = re.compile(r"\s*([0-9]{1,2})[./-]([0-9]{1,2})[./-][0-9]{4}.*")
MONTHS = 12
ALIKE = 0.75  # the least similarity of a name that is suggested; 1 is equality

Choices = dict[str, Choice]


def guessed_type(header: Sequence[str]) -> str | None:
    """Return the type that knows the most columns, its key among them; None if no type does."""
    best = max(importers, key=lambda each: _known(each, header), default=None)
    return best.resource_type if best and _known(best, header) > (0, 0, 0) else None


def suggested(draft: Draft, schema: Schema, last: Mapping[str, Choice]) -> Choices:
    """Return a suggestion for each column.

    `last` are the choices for the last file with this header.
    """
    survey, target = draft.state.survey, target_of(schema)
    if survey is None:
        return {}
    rows = rows_by_column(survey.first[:LOOKED_AT])
    cells = {column: _texts(cells_of(rows, column)) for column in survey.header}
    found = _named(survey.header, target, last)
    if survey.is_table:
        _add_like(found, target)
        _add_by_content(found, target, cells)
    transformed = {n: _with_transform(choice, target, cells[n]) for n, choice in found.items()}
    if "dates" not in draft.state.given:
        return transformed
    # A date format that somebody gave wins over one that fits better.
    return {n: found[n] if c.transform in DATES else c for n, c in transformed.items()}


def _named(header: Sequence[str], target: Target, last: Mapping[str, Choice]) -> Choices:
    names = names_of(target)
    found: Choices = {}
    for column in header:
        path = names.path_of(column)
        choice = last.get(column) or Choice(".".join(path) if path else None, why="by its name")
        known = choice.attribute is None or names.path_of(choice.attribute)
        is_free = choice.attribute not in {one.attribute for one in found.values()}
        keeps = known and (choice.attribute is None or is_free)
        found[column] = choice if keeps and (path or column in last) else Choice()
    return found


def _add_like(found: Choices, target: Target) -> None:
    names = names_of(target)
    taken = {choice.attribute for choice in found.values()}
    for column, choice in found.items():
        like = None if choice.attribute or choice.why else names.nearest(column, ALIKE)
        if like and like not in taken:
            taken.add(like)
            found[column] = Choice(like, why="by a similar name")


def _add_by_content(found: Choices, target: Target, cells: Mapping[str, list[str]]) -> None:
    taken = {choice.attribute for choice in found.values()}
    for column, choice in found.items():
        if choice.attribute or choice.why or not cells[column]:
            continue
        fitting = [
            name
            for name, kind in target.kinds.items()
            if name not in taken and _must_be(name, kind, cells[column])
        ]
        if len(fitting) == 1:
            taken.add(fitting[0])
            found[column] = Choice(fitting[0], why="by its content")


def _must_be(name: str, kind: Kind, cells: Sequence[str]) -> bool:
    """Return whether the cells can hardly be anything but that attribute.

    Dates and booleans never can: even if only one attribute takes them, they may mean something
    else.
    """
    if kind.format == "email" or name == "email":
        return all(map(EMAIL.fullmatch, cells))
    return bool(kind.values) and set(cells) <= set(kind.values)


def _with_transform(choice: Choice, target: Target, cells: Sequence[str]) -> Choice:
    """Return the choice. If its cells clearly need a transform, the choice has that transform."""
    kind = target.kinds.get(choice.attribute or "")
    if kind is None or choice.transform or choice.why == "as last time":
        return choice
    return Choice(choice.attribute, _needed(kind, cells), choice.why)


def _needed(kind: Kind, cells: Sequence[str]) -> str:
    if suits(CENTS, kind) and kind.name.endswith("_cents"):
        numbers = [without_currency(cell) for cell in cells]
        return CENTS if numbers != list(cells) or any(map(PLACES.fullmatch, numbers)) else ""
    if suits("dmy", kind):
        return _day_or_month(cells)
    if suits(WORDS, kind):
        words = {cell.casefold() for cell in cells}
        return WORDS if words - BOOLEANS.keys() and words <= YES | NO else ""
    return ""


def _day_or_month(cells: Sequence[str]) -> str:
    """Return `dmy` or `mdy`; an empty string if the dates don't show which, or don't agree."""
    parts = [match for cell in cells if (match := DAY_FIRST.fullmatch(cell))]
    days = any(int(match[1]) > MONTHS for match in parts)
    months = any(int(match[2]) > MONTHS for match in parts)
    if days == months:
        return ""
    return "dmy" if days else "mdy"


def _texts(cells: Iterable[Any]) -> list[str]:
    return [text for cell in cells if cell is not None and (text := str(cell).strip())]


def _known(importer: Importer, header: Sequence[str]) -> tuple[int, int, int]:
    """Return how well the columns fit the type, as a tuple to compare.

    It says whether the key is there, how many columns the type knows, and how small the type is.
    """
    target = target_of(schema_for(importer))
    paths = [path for column in header if (path := names_of(target).path_of(column))]
    given = {"_".join(path) for path in paths} | {path[0] for path in paths}
    has_key = all(not need.ways.isdisjoint(given) for need in target.needs)
    own = [path for path in paths if path[0] not in ("id", "reference", "metadata")]
    return (int(has_key and bool(own)), len(own), -len(target.kinds))
