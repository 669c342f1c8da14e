"""Check for models and fields that imports can't write."""

from collections.abc import Iterator

from django.core.checks import CheckMessage
from django.db.models import CompositePrimaryKey

from imports_app.checks.messages import columns_of, error, field_of
from imports_app.database import connection
from imports_app.importer import Importer


def check_composite(importer: Importer) -> Iterator[CheckMessage]:
    """Check for a composite primary key, with which no other check makes sense."""
    if isinstance(importer.model._meta.pk, CompositePrimaryKey):
        yield error(
            importer,
            43,
            f"{importer.model.__name__} has a composite primary key, and nothing can refer to such"
            " a record by one id",
            hint="Give the model an id of its own, and make the parts of the key a UniqueConstraint"
            " that the importer names as its `key`.",
        )


def check_model(importer: Importer) -> Iterator[CheckMessage]:
    """Check that the model's records can be written and found as the importer declares."""
    meta, name = importer.model._meta, importer.model.__name__
    if meta.parents and importer.write == "bulk":
        yield error(
            importer,
            44,
            f"{name} uses multi-table inheritance, which bulk writes don't support",
            hint='Write `write = "save"` into the importer, or import the parent model.',
        )
    names = [manager.name for manager in meta.managers]
    if importer.manager is not None and importer.manager not in names:
        yield error(
            importer,
            45,
            f"{name} has no manager {importer.manager!r}",
            hint=f"Write one of {', '.join(map(repr, names))}.",
        )
    yield from _check_database(importer)


def _check_database(importer: Importer) -> Iterator[CheckMessage]:
    """Check for fields that only PostgreSQL has."""
    for attribute in columns_of(importer):
        field = field_of(importer, attribute)
        of_postgresql = type(field).__module__.startswith("django.contrib.postgres.")
        if of_postgresql and connection.vendor != "postgresql":
            yield error(
                importer,
                46,
                f"{attribute} is a field that only PostgreSQL has: {type(field).__name__}",
                hint="Use PostgreSQL, or a JSONField.",
            )
