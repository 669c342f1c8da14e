"""What can be put back at once, whatever the database."""

from collections.abc import Mapping

from django.db.models import ForeignKey

from imports_app.database import quote
from imports_app.engine.types import Schema
from imports_app.engine.writers.layout import AnyField
from imports_app.storage.groups import Group
from imports_app.storage.states import States


def states_of(schema: Schema, group: Group) -> tuple[States, States] | None:
    """Return the records before and after, if columns tell it, and the table still has these."""
    old, new = group.old, group.new
    known = {field.attname for field in schema.model._meta.concrete_fields}
    if old is None or new is None or not old.fields or old.constants or new.constants:
        return None
    return (old, new) if old.fields == new.fields and known.issuperset(old.fields) else None


def unique_names(schema: Schema) -> set[str]:
    """Return the fields of which no two records may have the same, each alone or several
    together.
    """
    return {*schema.found_by}.union(*schema.other_unique_names)


def target_of(field: AnyField) -> Mapping[str, str]:
    """Return the table and column that a foreign key refers to, as SQL has them; of any other field
    nothing.
    """
    if not isinstance(field, ForeignKey):
        return {}
    return {
        "target": quote(field.remote_field.model._meta.db_table),
        "target_column": quote(field.target_field.column),
    }
