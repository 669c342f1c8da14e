"""Find out what happened to records since an import wrote them, and what refers to them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import F, ForeignKey, Model

from imports_app.database import connection
from imports_app.engine.running.destroy import references_to
from imports_app.engine.types import Schema
from imports_app.models.among import Among
from imports_app.registry import importers
from imports_app.storage.states import Values


def is_tag(schema: Schema, model: type[Model]) -> bool:
    """Return whether records of the model are tags that an import of other records made."""
    return model is not schema.model and any(
        importer.tags and importer.model._meta.get_field(importer.tags).related_model is model
        for importer in importers
    )


def current(model: type[Model], pks: Collection[Any], names: Iterable[str]) -> dict[Any, Values]:
    """Return the values of these fields, by id, of the records that exist."""
    rows = model._base_manager.filter(Among(F("pk"), pks)).order_by()
    return {
        pk: dict(zip(names, values, strict=True)) for pk, *values in rows.values_list("pk", *names)
    }


def different(model: type[Model], one: Values, other: Values) -> list[str]:
    """Return the fields in which two states of a record differ, but for those that tell when, and
    those that the database works out from others.

    What is not known of one of them does not count.
    """
    return [
        field.attname
        for field in model._meta.concrete_fields
        if not (getattr(field, "auto_now", False) or field.generated)
        and field.attname in one
        and field.attname in other
        and comparable(one[field.attname]) != comparable(other[field.attname])
    ]


def comparable(value: Any) -> Any:
    """Return the value so that equal ones are the same in JSON: to Python 1 equals true."""
    return repr(value) if isinstance(value, dict | list) else value


def listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def foreign_keys(model: type[Model]) -> list[Any]:
    return [f for f in model._meta.concrete_fields if isinstance(f, ForeignKey)]


def there_of(model: type[Model], pks: Collection[Any]) -> set[Any]:
    """Return which of the ids are those of a record."""
    records = model._base_manager.filter(Among(F("pk"), pks))
    return {*records.values_list("pk", flat=True)}


def targets_there(field: Any, values: Collection[Any]) -> set[Any]:
    """Return which of the values that a foreign key held still name a record."""
    if not values:
        return set()
    name, target = field.target_field.attname, field.remote_field.model
    targets = target._base_manager.filter(**{f"{name}__in": values})
    return {*targets.values_list(name, flat=True)}


def held(model: type[Model], pks: Sequence[Any]) -> set[Any]:
    """Return those to which a record refers that would stay."""
    own = {field.remote_field.through for field in model._meta.many_to_many}
    referring: dict[Any, set[Any]] = {}
    for related in references_to(model):
        if not pks or related.related_model in own:
            continue
        name = f"{related.field.name}__pk"
        found = related.related_model._base_manager.filter(**{f"{name}__in": pks}).order_by()
        for pk, other in found.values_list(name, "pk"):
            is_one = related.related_model is model and other in pks
            referring.setdefault(pk, set()).add(other if is_one else None)
    staying = {pk for pk, others in referring.items() if None in others}
    # What refers to it goes as well, unless that stays itself.
    while more := {pk for pk, others in referring.items() if others & staying} - staying:
        staying |= more
    return staying


def tagged(model: type[Model], pks: Sequence[Any]) -> set[Any]:
    """Return those that have tags, or other records by a field of their own."""
    found: set[Any] = set()
    fields: Any = model._meta.many_to_many
    for field in fields:
        name = f"{field.m2m_field_name()}_id"
        ties = field.remote_field.through._base_manager.filter(**{f"{name}__in": pks})
        found |= {*ties.order_by().values_list(name, flat=True)}
    return found


def insert_as_it_was(model: type[Model], records: Sequence[Model]) -> None:
    """Insert the records with all their values: no default, and no time of now."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    queryset: Any = model._base_manager.all()
    size = max(1, connection.ops.bulk_batch_size(fields, list(records)))
    for start in range(0, len(records), size):
        some = records[start : start + size]
        # No public call leaves the times as they were.
        queryset._insert(some, fields=fields, raw=True, using=connection.alias)  # noqa: SLF001
