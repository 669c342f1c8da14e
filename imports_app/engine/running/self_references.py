"""Records that refer to others of their own model: a tree, most often."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from django.db.models import CASCADE, PROTECT, RESTRICT, ForeignKey, Model, QuerySet


def own_references(model: type[Model]) -> Iterator[Any]:
    """Yield the foreign keys by which records would go with the one they refer to, or keep it."""
    fields: Any = model._meta.concrete_fields
    for field in fields:
        is_own = isinstance(field, ForeignKey) and field.related_model is model
        if is_own and field.remote_field.on_delete in (CASCADE, PROTECT, RESTRICT):
            yield field


def with_those_under(
    records: QuerySet[Any], ids: Sequence[Any], *, but: Callable[[Any], bool]
) -> Sequence[Any]:
    """Return the ids and those of the records that refer to them, and to these; none of which `but`
    is true.
    """
    names = [f"{field.name}__pk__in" for field in own_references(records.model)]
    found = dict.fromkeys(ids)
    new: Collection[Any] = ids
    while new:
        referring = [records.filter(**{name: new}).values_list("pk", flat=True) for name in names]
        new = {pk for some in referring for pk in some if not but(pk)} - found.keys()
        found.update(dict.fromkeys(new))
    return [*found]


def those_above(model: type[Model], ids: Collection[Any], staying: Collection[Any]) -> set[Any]:
    """Return those to which a record of the model refers that stays: it is not among the ids, or
    one of `staying`.
    """
    going = {*ids}.difference(staying)
    names = [f"{field.name}__pk" for field in own_references(model)]
    referring = [
        pair
        for name in names
        for pair in model._base_manager.filter(**{f"{name}__in": ids}).values_list("pk", name)
    ]
    found: set[Any] = set()
    while above := {other for pk, other in referring if pk not in going} & going:
        going -= above
        found |= above
    return found


def leaves_first(model: type[Model], ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield the ids in an order in which nobody of them refers to one that went before.

    Those that refer to each other in a circle come last, together.
    """
    names = [f"{field.name}__pk" for field in own_references(model)]
    left: Sequence[Any] = ids
    if not names:
        yield ids
        return
    found = model._base_manager.filter(pk__in=ids).values_list("pk", *names)
    above = {pk: {*others} - {pk} for pk, *others in found}
    while left:
        referred = {other for pk in left for other in above.get(pk, ())}
        leaves = [pk for pk in left if pk not in referred] or left
        yield leaves
        gone = {*leaves}
        left = [pk for pk in left if pk not in gone]
