"""Finds the parent of an import by the names under which people know it."""

from typing import NamedTuple

from django.db.models import CharField, Field, Q, TextField

from imports_app.engine.types import parent_problem, target_records
from imports_app.importer import Importer
from imports_app.models import ONLY
from imports_app.registry import importers

SHOWN = 20
NAMES = ("name", "code", "reference", "title")


class Parent(NamedTuple):
    """A record that rows may belong to: its id, its first name, and all its names."""

    id: str
    name: str
    names: str


def parents_like(importer: Importer, mode: str, text: str) -> list[Parent]:
    """Return parents of that mode whose names contain the text, at most SHOWN."""
    names = _names(importer)
    if not names or "\0" in text:
        return []
    has_text = Q()
    for name in names:
        has_text |= Q(**{f"{name}__icontains": text})
    return _found(importer, mode, has_text, names)


def parent_called(importer: Importer, mode: str, text: str) -> tuple[str, str]:
    """Return the id of the parent with that name or id, and an empty string.

    If the text names no parent, return the text, and the reason.
    """
    if parent_problem(importer, text, mode) is None:
        return text, ""
    names = _names(importer)
    if "\0" in text or not names:
        return text, "must exist."
    is_called = Q()
    for name in names:
        is_called |= Q(**{name: text.strip()})
    found = _found(importer, mode, is_called, names)
    if len(found) > 1:
        ids = ", ".join(parent.id for parent in found[:5])
        return text, f"is the name of several: give the id of one ({ids})."
    return (found[0].id, "") if found else (text, "must exist.")


def _found(importer: Importer, mode: str, condition: Q, names: list[str]) -> list[Parent]:
    assert importer.parent is not None, "asked of a type that has one"  # noqa: S101
    target = importer.relations[importer.parent].to
    records = target_records(target, mode or ONLY).filter(condition).order_by("pk")
    values = records.values_list("pk", *names)[:SHOWN]
    called = [(str(pk), [str(name) for name in names if name]) for pk, *names in values]
    return [Parent(pk, (names or [pk])[0], ", ".join(names)) for pk, names in called]


def _names(importer: Importer) -> list[str]:
    """Return the fields by which people know the parent."""
    if importer.parent is None:
        return []
    target = importer.relations[importer.parent].to
    own = importers.for_model(target)
    wanted = dict.fromkeys((*(own.key if own else ()), *NAMES))
    fields: dict[str, Field] = {field.name: field for field in target._meta.concrete_fields}  # type: ignore[type-arg]
    return [name for name in wanted if isinstance(fields.get(name), CharField | TextField)]
