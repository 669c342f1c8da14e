"""What is wrong with an importer's relations to many records."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage
from django.db.models import ManyToManyField

from imports_app.checks.messages import error, field_of, meant
from imports_app.importer import Importer, Relation
from imports_app.model_rows import is_optional
from imports_app.registry import importers


def check_many(importer: Importer) -> Iterator[CheckMessage]:
    """Check that each is a many-to-many field whose links rows can create."""
    for name, relation in importer.many.items():
        field: Any = field_of(importer, name)
        if not isinstance(field, ManyToManyField) or field.related_model is not relation.to:
            names = [one.name for one in importer.model._meta.many_to_many]
            yield error(
                importer,
                52,
                f"`many` names {name!r}, which is no many-to-many field to {relation.to.__name__}",
                hint=f"{meant(name, names)}Name a ManyToManyField of {importer.model.__name__}.",
            )
            continue
        yield from _check_target(importer, name, relation)
        yield from _check_ties(importer, name, field)


def _check_target(importer: Importer, name: str, relation: Relation) -> Iterator[CheckMessage]:
    if relation.to is importer.model:
        yield error(
            importer,
            53,
            f"many {name!r} refers to its own type, whose records may not exist yet",
            hint="Leave it out of `many`, or import its through model as a type of its own.",
        )
    elif relation.makes and importers.for_model(relation.to) is None:
        yield error(
            importer,
            8,
            f"{relation.to.__name__} has no importer, although {name!r} creates its records",
            hint="Register one, or leave out `makes`.",
        )
    if (
        relation.required
        or relation.asks_for
        or relation.inline_among
        or len(relation.by_fields) > 1
    ):
        yield error(
            importer,
            54,
            f"many {name!r} can be neither required, nor inline, nor given by several fields",
            hint="Write Relation(…) with one field for `by` and with `makes` only.",
        )


def _check_ties(importer: Importer, name: str, field: Any) -> Iterator[CheckMessage]:
    """Check that the through model requires nothing but its two foreign keys."""
    through = field.remote_field.through
    ends = {field.m2m_field_name(), field.m2m_reverse_field_name()}
    needed = [
        one.name
        for one in through._meta.concrete_fields
        if one.name not in ends and not one.primary_key and not is_optional(one)
    ]
    if needed:
        yield error(
            importer,
            55,
            f"many {name!r} goes through {through.__name__}, which requires {', '.join(needed)}",
            hint=f"Import {through.__name__} as a type of its own, or give these fields defaults.",
        )
