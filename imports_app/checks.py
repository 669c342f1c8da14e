"""Says at start what is wrong with a resource type, and what to write instead."""

from collections.abc import Iterator
from typing import Any, get_type_hints

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey, UniqueConstraint

from imports_app.importer import Importer
from imports_app.registry import importers

RESERVED_NAMES = frozenset({"imports", "application", "organization", "schema", "resource_types"})
OWN_ATTRIBUTES = frozenset({"id", "mode"})


@register("imports")
def check_importers(**_: Any) -> list[CheckMessage]:
    """All that is wrong with the registered importers."""
    return [message for importer in importers for message in check_importer(importer)]


def check_importer(importer: Importer) -> Iterator[CheckMessage]:
    """What is wrong with one importer."""
    yield from _check_name(importer)
    yield from _check_mode(importer)
    yield from _check_row(importer)
    yield from _check_relations(importer)
    yield from _check_key(importer)


def _check_name(importer: Importer) -> Iterator[CheckMessage]:
    if importer.resource_type in RESERVED_NAMES:
        yield _error(
            importer,
            1,
            f"the resource type {importer.resource_type!r} is a path of the API",
            hint="Choose another name.",
        )


def _check_mode(importer: Importer) -> Iterator[CheckMessage]:
    if not _has_field(importer, "mode"):
        yield _error(
            importer,
            2,
            f"{importer.model.__name__} has no field `mode`",
            hint="Derive it from imports_app.models.ModeModel.",
        )


def _check_row(importer: Importer) -> Iterator[CheckMessage]:
    row = getattr(importer, "Row", None)
    if row is None:
        yield _error(
            importer, 3, "it has no Row", hint="Declare `class Row(TypedDict, total=False)`."
        )
        return
    for name in get_type_hints(row):
        if name in OWN_ATTRIBUTES or name in importer.relations:
            yield _error(
                importer,
                4,
                f"Row.{name} is what the engine reads itself",
                hint="Leave it out; a relation belongs into `relations`.",
            )
        elif not _has_field(importer, name):
            yield _error(
                importer,
                5,
                f"Row.{name} is no field of {importer.model.__name__}",
                hint="Name it as the field, or add the field to the model.",
            )


def _check_relations(importer: Importer) -> Iterator[CheckMessage]:
    for name, relation in importer.relations.items():
        field = _field(importer, name)
        if not isinstance(field, ForeignKey) or field.related_model is not relation.to:
            yield _error(
                importer,
                6,
                f"relation {name!r} is no foreign key to {relation.to.__name__}",
                hint=f"Name a ForeignKey field of {importer.model.__name__}.",
            )
        if relation.to is importer.model:
            yield _error(
                importer,
                7,
                f"relation {name!r} points to its own type",
                hint="Leave it out: rows of one import can't refer to each other.",
            )
        elif importers.for_model(relation.to) is None:
            yield _error(
                importer,
                8,
                f"{relation.to.__name__}, which {name!r} points to, has no importer",
                hint="Register one: it says how its records are found.",
            )
    if importer.parent is not None and importer.parent not in importer.relations:
        yield _error(
            importer,
            9,
            f"the parent {importer.parent!r} is no relation",
            hint="Add it to `relations`.",
        )


def _check_key(importer: Importer) -> Iterator[CheckMessage]:
    known = {*get_type_hints(getattr(importer, "Row", object)), *importer.relations}
    if unknown := [name for name in importer.key if name not in known]:
        yield _error(
            importer,
            10,
            f"the key's {', '.join(unknown)} is no attribute or relation",
            hint="Add it to Row or to `relations`.",
        )
    elif importer.key and not _is_unique(importer):
        fields = ", ".join(repr(name) for name in (*importer.key, "mode"))
        yield _error(
            importer,
            11,
            "no unique constraint holds its key",
            hint=f"Add UniqueConstraint(fields=[{fields}], name=…) to the model's Meta.",
        )


def _is_unique(importer: Importer) -> bool:
    """Whether a constraint on the key, and on nothing but it and the mode, covers it."""
    constraints = importer.model._meta.constraints
    unique = [set(c.fields) for c in constraints if isinstance(c, UniqueConstraint)]
    return any(
        {*importer.key, "mode"} in (fields, fields | {"mode"}) for fields in unique if fields
    )


def _has_field(importer: Importer, name: str) -> bool:
    return _field(importer, name) is not None


def _field(importer: Importer, name: str) -> Any:
    try:
        return importer.model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _error(importer: Importer, number: int, message: str, *, hint: str) -> Error:
    name = type(importer).__name__
    return Error(f"{name}: {message}.", hint=hint, obj=importer.model, id=f"imports.E{number:03}")
