"""Which records can be reached, and by which statements."""

from typing import Any

from django.db.models import Model, QuerySet

from imports_app.engine.types.schema import Schema, schema_for
from imports_app.models import ModeModel
from imports_app.registry import importers


def target_records(model: type[Model], mode: str) -> QuerySet[Any]:
    """Return the records that rows may refer to in this mode, of a model with or without an
    importer.
    """
    importer = importers.for_model(model)
    if importer is not None:
        return schema_for(importer).records(mode)
    scope = {"mode": mode} if issubclass(model, ModeModel) else {}
    return model._default_manager.filter(**scope).order_by()


def gives_id(schema: Schema) -> bool:
    """Return whether rows give what is the records' primary key: a code, or the record of another
    model.
    """
    given = {column.field for column in schema.columns} | {link.field for link in schema.links}
    return schema.pk in given


def is_plain(schema: Schema) -> bool:
    """Return whether the statements of the databases' own writers fit: ids are made, and the
    manager shows all that the table has.
    """
    return not gives_id(schema) and not schema.manager.all().query.where
