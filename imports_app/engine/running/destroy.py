"""Destroy records that nothing protects."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.db.models import (
    DO_NOTHING,
    PROTECT,
    RESTRICT,
    F,
    Model,
    ProtectedError,
    QuerySet,
    RestrictedError,
)
from django.db.models.signals import post_delete, pre_delete

from imports_app.database import atomic, connection
from imports_app.engine.reading import usable_key
from imports_app.engine.running.self_references import leaves_first, those_above
from imports_app.engine.types import Schema
from imports_app.models.among import Among

REFUSALS = (ProtectedError, RestrictedError, IntegrityError)


@dataclass(frozen=True)
class Destroyed:
    """What became of the records that were to go.

    Attributes:
        count: how many are gone.
        protected: the natural keys of those that something protects.
        is_all: whether the database has said that each of them is gone.
    """

    count: int
    protected: list[str | None]
    is_all: bool = False


def destroy(schema: Schema, ids: Sequence[Any]) -> Destroyed:
    """Destroy the records of these ids, and what cascades from them; the caller's transaction.

    Most often nothing protects any of them, so that is tried first.
    """
    if not ids:
        return Destroyed(0, [])
    try:
        with atomic():
            if not _may_go_at_once(schema, ids):
                return Destroyed(_delete(schema, ids), [])
            count = _delete_at_once(schema, ids)
            return Destroyed(count, [], is_all=count == len(ids))
    except REFUSALS:
        return _destroy_free(schema, ids)


def _destroy_free(schema: Schema, ids: Sequence[Any]) -> Destroyed:
    """Destroy those that nothing protects."""
    safe = protected(schema, ids)
    free = [pk for pk in ids if pk not in safe]
    try:
        with atomic():
            count = sum(_delete(schema, some) for some in leaves_first(schema.model, free))
    except REFUSALS:
        # Something further down a cascade is protected, or by the database alone.
        ordered = [pk for some in leaves_first(schema.model, free) for pk in some]
        count, refused = _one_by_one(schema, ordered)
        safe |= refused
    return Destroyed(count, natural_keys(schema, safe))


def protected(schema: Schema, ids: Sequence[Any]) -> set[Any]:
    """Return those that a remaining record refers to and must not lose: one query for each foreign
    key.
    """
    found: set[Any] = set()
    for related in references_to(schema.model):
        if related.on_delete in (PROTECT, RESTRICT) and related.related_model is not schema.model:
            name = f"{related.field.name}__pk"  # the column may hold another field of the record
            referring = related.related_model._base_manager.filter(Among(F(name), ids))
            found.update(referring.order_by().values_list(name, flat=True).distinct())
    return found | those_above(schema.model, ids, found)


def _delete(schema: Schema, ids: Sequence[Any]) -> int:
    if _deletes_itself(schema):
        schema.manager.filter(pk__in=ids).delete()  # it may return anything
        return len(ids)
    _, counts = schema.model._base_manager.filter(pk__in=ids).delete()
    return counts.get(schema.model._meta.label, 0)


def _deletes_itself(schema: Schema) -> bool:
    """Return whether the manager's querysets have a delete() of their own, which hides, say."""
    return type(schema.manager.all()).delete is not QuerySet.delete


def _may_go_at_once(schema: Schema, ids: Sequence[Any]) -> bool:
    """Return whether the database alone can see to it that nothing is lost with these records.

    SQLite looks at references at COMMIT only, so there nothing may refer to them by now: nobody
    else can write before that.
    """
    if _deletes_itself(schema):
        return False
    if connection.vendor == "postgresql":
        return _stand_alone(schema.model, (PROTECT, RESTRICT, DO_NOTHING))
    return (
        connection.vendor == "sqlite"
        and _stand_alone(schema.model, (PROTECT, RESTRICT))
        and not protected(schema, ids)
    )


def _stand_alone(model: type[Model], keeping: Collection[Any]) -> bool:
    """Return whether no code of somebody's is called when such records go, and what refers to
    them may
    not lose them: `keeping` are the `on_delete` of which that holds.
    """
    return (
        not any(signal.has_listeners(model) for signal in (pre_delete, post_delete))
        and not any(hasattr(field, "bulk_related_objects") for field in model._meta.private_fields)
        and not model._meta.parents
        and all(
            related.field.db_constraint and related.on_delete in keeping
            for related in references_to(model)
            if not related.related_model._meta.auto_created
        )
    )


def _delete_at_once(schema: Schema, ids: Sequence[Any]) -> int:
    """Run a statement for the records, and one for each many-to-many field; Django would read
    first.
    """
    for related in references_to(schema.model):
        if related.related_model._meta.auto_created:
            owner = F(related.field.attname)
            rows = related.related_model._base_manager.filter(Among(owner, ids))
            rows._raw_delete(connection.alias)  # noqa: SLF001
    records = schema.model._base_manager.filter(Among(F("pk"), ids))
    # No public call leaves the references to the database.
    return int(records._raw_delete(connection.alias))  # noqa: SLF001


def references_to(model: type[Model]) -> Iterator[Any]:
    """Yield the foreign keys to the model, those of many-to-many fields' own tables too."""
    for field in model._meta.get_fields(include_hidden=True):
        if field.auto_created and not field.concrete and (field.one_to_many or field.one_to_one):
            yield field


def _one_by_one(schema: Schema, ids: Iterable[Any]) -> tuple[int, set[Any]]:
    count, refused = 0, set()
    for pk in ids:
        try:
            with atomic():
                count += _delete(schema, [pk])
        except REFUSALS:
            refused.add(pk)
    return count, refused


def natural_keys(schema: Schema, ids: Iterable[Any]) -> list[str | None]:
    """Return the records' natural keys within their parent, in the order of their ids."""
    found = schema.model._base_manager.filter(pk__in=ids).order_by("pk")
    return [known_by(*each) for each in found.values_list("pk", *schema.natural_key_paths)]


def known_by(pk: Any, *parts: Any) -> str | None:
    """Return the natural key of a record, from what is found under `natural_key_paths`."""
    return usable_key("/".join(str(part) for part in parts if part) or str(pk))
