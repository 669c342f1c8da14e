"""What is wrong with the fields that an importer takes from its model, or leaves out."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage

from imports_app.checks.messages import columns_of, error, field_of, meant
from imports_app.importer import Importer
from imports_app.model_rows import is_known


def check_chosen(importer: Importer) -> Iterator[CheckMessage]:
    """Check that the model has these fields, and that rows can give those that are taken."""
    meta = importer.model._meta
    names = [field.name for field in (*meta.concrete_fields, *meta.many_to_many)]
    for option in ("fields", "exclude"):
        for name in getattr(importer, option) or ():
            if name not in names:
                yield error(
                    importer,
                    40,
                    f"`{option}` names {name!r}, which is no field of {importer.model.__name__}",
                    hint=f"{meant(name, names)}Name it as the model does.",
                )
    yield from _check_givable(importer)


def _check_givable(importer: Importer) -> Iterator[CheckMessage]:
    written = columns_of(importer)
    for name in dict.fromkeys((*written, *(importer.fields or ()))):
        field = field_of(importer, name)
        if field and (reason := _not_givable(field, has_type=name in written)):
            yield error(
                importer,
                41,
                f"no row can give {name}: {reason[0]}",
                hint=f"Leave it out of `fields` and of Row{reason[1]}.",
            )


def _not_givable(field: Any, *, has_type: bool) -> tuple[str, str] | None:
    """Return why the field can't be given, and what to do besides leaving it out."""
    if getattr(field, "generated", False):
        return "the database computes it", ": it is computed from what rows give"
    if field.is_relation or has_type or is_known(field):
        return None
    kind = type(field).__name__
    return f"JSON has no value for a {kind}", ", and fill it in `derive` from an instruction (`_…`)"
