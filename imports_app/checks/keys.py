"""What is wrong with an importer's key."""

from collections.abc import Iterator

from django.core.checks import CheckMessage
from django.db.models import UniqueConstraint

from imports_app.checks.messages import (
    columns_of,
    error,
    field_of,
    has_field,
    is_required,
    manager_of,
    meant,
    scope_names,
)
from imports_app.importer import Importer


def check_key(importer: Importer) -> Iterator[CheckMessage]:
    """Check that rows can give the key, and that it finds at most one record."""
    known = {*columns_of(importer), *importer.relations}
    if unknown := [name for name in importer.key if name not in known]:
        yield error(
            importer,
            10,
            f"the key names {', '.join(unknown)}, which is no attribute or relation",
            hint=f"{meant(unknown[0], known)}Add it to Row or to `relations`.",
        )
    elif all(has_field(importer, name) for name in importer.key) and importer.key:
        yield from _check_unique(importer)
        yield from _check_parts(importer)


def _check_unique(importer: Importer) -> Iterator[CheckMessage]:
    wanted = [*importer.key, *scope_names(importer)]
    if {*wanted} not in _unique_sets(importer):
        yield error(
            importer,
            11,
            "no unique constraint covers its key",
            hint=f"Add UniqueConstraint(fields=[{', '.join(map(repr, wanted))}], name=…)"
            " to the model's Meta.",
        )


def _unique_sets(importer: Importer) -> list[set[str]]:
    meta = importer.model._meta
    # If the manager hides records, hidden ones may have the same key, and a condition
    # on the constraint excludes them.
    hides = bool(manager_of(importer).all().query.where)
    constraints = [
        {*constraint.fields}
        for constraint in meta.constraints
        if isinstance(constraint, UniqueConstraint) and (hides or not constraint.condition)
    ]
    together = [{*fields} for fields in meta.unique_together]
    return constraints + together + [{field.name} for field in meta.concrete_fields if field.unique]


def _check_parts(importer: Importer) -> Iterator[CheckMessage]:
    first, *_ = importer.key
    if field_of(importer, first).null:
        yield error(
            importer,
            30,
            f"the key's first part, {first}, may be null, and then finds no record",
            hint="Put another part first, or drop null=True from its field.",
        )
    if type(importer).missing is not Importer.missing:  # it may ask for what Row doesn't
        return
    for name in importer.key:
        if not field_of(importer, name).null and not _is_given(importer, name):
            yield error(
                importer,
                31,
                f"a row may leave out {name}, a part of the key, and nothing generates it",
                hint=f"Make it required: {_required(importer, name)}; or give its field a default"
                " that is a function and returns another value each time.",
            )


def _is_given(importer: Importer, name: str) -> bool:
    """Return whether each new record gets that part, from its row or from a callable default."""
    if (relation := importer.relations.get(name)) is not None:
        return relation.required
    field = field_of(importer, name)
    is_made = field.has_default() and callable(field.default)
    return is_made or is_required(columns_of(importer)[name])


def _required(importer: Importer, name: str) -> str:
    return "Relation(…, required=True)" if name in importer.relations else "Required[…]"
