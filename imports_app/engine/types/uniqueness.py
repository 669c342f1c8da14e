"""Which fields of a model must be unique."""

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Model, UniqueConstraint


def unique_names(
    model: type[Model], *, key: Sequence[str], besides: Collection[str]
) -> tuple[tuple[str, ...], ...]:
    """Return the sets of fields that must be unique besides the key, as field names (`attname`).

    The fields named in `besides` are left out: they are the same for all records of an import.
    """
    fields = model._meta.concrete_fields
    sets: list[tuple[str, ...]] = [(f.attname,) for f in fields if f.unique and not f.primary_key]
    sets += [_attnames(model, names, besides) for names in model._meta.unique_together]
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and constraint.fields:
            names = _attnames(model, constraint.fields, besides)
            # Under a condition, a part of the key is the key of records without the rest.
            if not (constraint.condition and {*names} <= {*key}):
                sets.append(names)
    return tuple(names for names in dict.fromkeys(sets) if {*names} != {*key})


def _attnames(
    model: type[Model], names: Iterable[str], besides: Collection[str]
) -> tuple[str, ...]:
    fields = (model._meta.get_field(name) for name in names)
    return tuple(f.attname for f in fields if f.name not in besides)  # type: ignore[union-attr]
