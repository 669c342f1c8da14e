"""Tells what a statement changed on PostgreSQL, from what it returned and from its stage."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Model, UUIDField

from imports_app.database import quote
from imports_app.engine.planning import Drafts
from imports_app.engine.types import expand
from imports_app.engine.writers.base import Written
from imports_app.engine.writers.copy_text import cells
from imports_app.engine.writers.layout import AnyField, Layout
from imports_app.engine.writers.postgresql_statement import Statement
from imports_app.engine.writers.values import each_converted
from imports_app.storage.groups import Action, Group, group_in_columns
from imports_app.storage.states import ABSENT, TAB, States

TRIGGERS = (
    "SELECT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = {}::regclass AND NOT tgisinternal)"
)


def triggers_of(model: type[Model]) -> str:
    """Return the query whether the database may make something else of what is written."""
    name = quote(model._meta.db_table).replace("'", "''")
    return TRIGGERS.format(f"'{name}'")


class Told(NamedTuple):
    """What the statement returned of the records it updated: their places in the stage, None for
    none, and of each field all old values in one text.
    """

    places: Sequence[int] | None
    texts: Sequence[str]


def changes_of(
    drafts: Drafts, statement: Statement, written: Written, told: Told, now: datetime
) -> Iterator[Group]:
    """Yield what the statement created at `now`, and what it updated."""
    stage = statement.stage
    layout = stage.layout
    if written.new:
        places = [n for n, index in enumerate(drafts.indexes) if index in written.new]
        staged = {field: stage.columns[quote(field.column)] for field in stage.fields}
        texts = [_text(staged[field], places) for field in stage.fields]
        group = grouped(layout, Action.CREATED, [drafts.indexes[n] for n in places], written.ids)
        group.new = States(_names(stage.fields), texts, constants=_constants(layout, now))
        yield group
    if told.places:
        fields = layout.changes
        indexes = [drafts.indexes[place] for place in told.places]
        group = grouped(layout, Action.UPDATED, indexes, written.ids)
        group.old = States(_names(fields), [*told.texts], statement.mark)
        given = [_given(drafts, layout, f, stage.columns[quote(f.column)]) for f in fields]
        group.new = States(_names(fields), [_text(column, told.places) for column in given])
        yield group


def grouped(
    layout: Layout, action: Action, indexes: Sequence[int], ids: Mapping[int, Any]
) -> Group:
    """Return the group of the records of these rows; `ids` are compact."""
    found = [ids[index] for index in indexes]
    if not isinstance(layout.schema.pk, UUIDField):
        found = [*map(expand, found)]
    return group_in_columns(layout.schema.model, action, indexes, found)


def _names(fields: Sequence[AnyField]) -> list[str]:
    return [field.attname for field in fields]


def _text(column: Sequence[str], places: Sequence[int]) -> str:
    return TAB.join(map(column.__getitem__, places))


def _given(drafts: Drafts, layout: Layout, field: AnyField, column: Sequence[str]) -> Sequence[str]:
    """Return the field's cells without those that no row gave: there the record's value stayed."""
    if field not in layout.mixed:
        return column
    name = field.attname
    pairs = zip(column, drafts.fields, strict=True)
    return [cell if name in given else ABSENT for cell, given in pairs]


def _constants(layout: Layout, now: datetime) -> dict[str, str]:
    values = each_converted(layout.constants(now))
    return {f.attname: cells([v])[0] for f, v in zip(layout.constant, values, strict=True)}
