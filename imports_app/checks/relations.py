"""What is wrong with an importer's relations and its parent."""

from collections.abc import Iterator

from django.core.checks import CheckMessage
from django.db.models import ForeignKey

from imports_app.checks.messages import error, field_of, meant
from imports_app.importer import Importer, Relation
from imports_app.registry import importers


def check_relations(importer: Importer) -> Iterator[CheckMessage]:
    """Check that each is a foreign key to records that can be found."""
    for name, relation in importer.relations.items():
        yield from _check_field(importer, name, relation)
        yield from _check_target(importer, name, relation)
    if importer.parent is not None and importer.parent not in importer.relations:
        yield error(
            importer,
            9,
            f"the parent {importer.parent!r} is no relation",
            hint=f"{meant(importer.parent, importer.relations)}Add it to `relations`.",
        )


def _check_field(importer: Importer, name: str, relation: Relation) -> Iterator[CheckMessage]:
    field = field_of(importer, name)
    if isinstance(field, ForeignKey) and field.related_model is relation.to:
        return
    keys = [one.name for one in importer.model._meta.fields if isinstance(one, ForeignKey)]
    yield error(
        importer,
        6,
        f"relation {name!r} is no foreign key to {relation.to.__name__}",
        hint=f"{meant(name, keys)}Name a ForeignKey field of {importer.model.__name__}.",
    )


def _check_target(importer: Importer, name: str, relation: Relation) -> Iterator[CheckMessage]:
    if relation.to is importer.model and relation.inline_among:
        yield error(
            importer,
            7,
            f"relation {name!r} points to its own type, which rows can't nest",
            hint="Leave `inline_among` out: rows refer to each other by name.",
        )
    elif (relation.makes or relation.inline_among) and importers.for_model(relation.to) is None:
        yield error(
            importer,
            8,
            f"{relation.to.__name__} has no importer, although {name!r} creates its records",
            hint="Register one; or let rows refer to existing records only: leave out `makes` and"
            " `inline_among`.",
        )
