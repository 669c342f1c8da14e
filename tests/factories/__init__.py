"""Valid records and rows for tests, of any registered type that a factory makes."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import models
from factory.django import DjangoModelFactory

from imports_app.engine.types.schema import schema_for
from imports_app.importer import Importer
from tests.factories import commerce

__all__ = ["commerce", "factory_for", "json_value", "new_row", "set_links"]

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
    targets = {
        link.name: factory_for(link.relation.to).create(mode=mode) for link in set_links(importer)
    }
    record = factory_for(importer.model).build(mode=mode, **targets)
    row = {
        column.attribute: json_value(getattr(record, column.field.attname))
        for column in schema_for(importer).columns
        if column.attribute not in importer.secret
    }
    return row | {f"{name}_id": str(target.pk) for name, target in targets.items()}


def set_links(importer: Importer) -> list[Any]:
    """The relations that a row of `new_row` has: not those that the factory sets to None."""
    declared = factory_for(importer.model)._meta.pre_declarations.as_dict()
    return [link for link in schema_for(importer).links if declared.get(link.name) is not None]


def json_value(value: Any) -> Any:
    """The field's value as the API takes and gives it."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value


def _subclasses(parent: Factory) -> Iterator[Factory]:
    for child in parent.__subclasses__():
        yield child
        yield from _subclasses(child)
