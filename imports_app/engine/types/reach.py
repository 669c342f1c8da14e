"""Which records rows may refer to, and which statements fit a type's records."""

from typing import Any

from django.db.models import Model, QuerySet

from imports_app.engine.types.schema import Schema, schema_for
from imports_app.models import ModeModel
from imports_app.registry import importers


def target_records(model: type[Model], mode: str) -> QuerySet[Any]:
    """Return the model's records that rows may refer to in this mode, importer or not."""
    importer = importers.for_model(model)
    if importer is not None:
        return schema_for(importer).records(mode)
    scope = {"mode": mode} if issubclass(model, ModeModel) else {}
    return model._default_manager.filter(**scope).order_by()


def gives_id(schema: Schema) -> bool:
    """Return whether rows give the records' primary key: a code, or a relation's target."""
    given = {column.field for column in schema.columns} | {link.field for link in schema.links}
    return schema.pk in given


def is_plain(schema: Schema) -> bool:
    """Return whether the databases' own writers can write the type: ids are generated, and the
    manager hides no records.
    """
    return not gives_id(schema) and not schema.manager.all().query.where
