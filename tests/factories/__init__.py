"""Valid records and rows for tests, of any registered type that a factory makes."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from factory.django import DjangoModelFactory

from imports_app.engine.schema import schema_for
from imports_app.importer import Importer
from tests.factories import commerce

__all__ = ["commerce", "factory_for", "new_row"]

Factory = type[DjangoModelFactory[Any]]


def factory_for(model: type[models.Model]) -> Factory:
    """The factory that makes records of that model. Raises LookupError if nobody wrote one."""
    for made in _subclasses(DjangoModelFactory):
        if not made._meta.abstract and made._meta.model is model:
            return made
    raise LookupError(f"no factory makes {model.__name__}: add one to tests/factories")


def new_row(importer: Importer, *, mode: str) -> dict[str, Any]:
    """A row with every attribute of the type, for a record that doesn't exist yet.

    The records that it points to are made; it gives them by id.
    """
    schema = schema_for(importer)
    targets = {link.name: factory_for(link.relation.to).create(mode=mode) for link in schema.links}
    record = factory_for(importer.model).build(mode=mode, **targets)
    row = {
        column.attribute: getattr(record, column.field.attname)
        for column in schema.columns
        if column.attribute not in importer.secret
    }
    return row | {f"{name}_id": str(target.pk) for name, target in targets.items()}


def _subclasses(parent: Factory) -> Iterator[Factory]:
    for child in parent.__subclasses__():
        yield child
        yield from _subclasses(child)
