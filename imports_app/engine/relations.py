"""Finds the records that rows point to, one query for each way of pointing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Field, Min

from imports_app.engine.messages import MUST_EXIST
from imports_app.engine.rows import Row
from imports_app.engine.schema import REFERENCE, Form, Link, Schema, schema_for_model
from imports_app.ids import parse_id
from imports_app.importer import RowError

AMBIGUOUS = ("ambiguous", "is ambiguous")
MISMATCH = ("mismatch", "is given in two ways that name different records")


class Missing(Exception):
    """The target isn't there."""


class Ambiguous(Exception):
    """A reference that several targets have."""


def resolve(schema: Schema, rows: Sequence[Row], *, mode: str, parent: Any = None) -> None:
    """Replaces the forms in each row's values by the foreign key's value.

    `parent` is the id that rows get which don't say otherwise. What can't be found is added to
    the row's errors.
    """
    for link in schema.links:
        found = {form.attribute: _find(link, form, rows, mode) for form in link.forms}
        default = parent if link.name == schema.importer.parent else None
        for row in rows:
            _set(link, row, found, default)


def _find(link: Link, form: Form, rows: Iterable[Row], mode: str) -> Mapping[str, Any]:
    """The targets by what the rows call them; a name that several have maps to Ambiguous."""
    given = {name for row in rows if (name := row.values.get(form.attribute)) is not None}
    # No target has such a name, and PostgreSQL wouldn't even look.
    names = {name for name in given if "\0" not in name}
    if not names:
        return {}
    if form.lookup == "pk":
        return _find_ids(link, names, mode)
    targets = _targets(link, mode).filter(**{f"{form.lookup}__in": names})
    if form.lookup == REFERENCE:
        counted = targets.values_list(REFERENCE).annotate(Min("pk"), Count("pk"))
        return {name: pk if count == 1 else Ambiguous for name, pk, count in counted}
    return dict(targets.values_list(form.lookup, "pk"))


def _find_ids(link: Link, names: Iterable[str], mode: str) -> Mapping[str, Any]:
    pk: Field[Any, Any] = link.relation.to._meta.pk
    ids = [value for name in names if (value := parse_id(pk, name)) is not None]
    found = _targets(link, mode).filter(pk__in=ids).values_list("pk", flat=True)
    return {str(value): value for value in found}


def _targets(link: Link, mode: str) -> Any:
    return schema_for_model(link.relation.to).records(mode)


def _set(link: Link, row: Row, found: Mapping[str, Mapping[str, Any]], default: Any) -> None:
    values = row.values
    given = [form.attribute for form in link.forms if form.attribute in values]
    if not given:
        if default is not None:
            values[link.field.attname] = default
        return
    names = {attribute: values.pop(attribute) for attribute in given}
    targets = {
        found[attribute].get(name, Missing) if name is not None else None
        for attribute, name in names.items()
    }
    if Missing in targets:
        row.errors.append(RowError(link.name, *MUST_EXIST))
    elif Ambiguous in targets:
        row.errors.append(RowError(link.name, *AMBIGUOUS))
    elif len(targets) > 1:
        row.errors.append(RowError(link.name, *MISMATCH))
    else:
        values[link.field.attname] = targets.pop()
