"""Find fields that the model requires and no row can give, and secrets that don't exist."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage

from imports_app.checks.messages import error, has_field, hints_of, meant, scope_names
from imports_app.importer import Importer
from imports_app.model_rows import is_optional


def check_fields(importer: Importer) -> Iterator[CheckMessage]:
    """Check that rows can give every required field, and that secret attributes exist."""
    yield from _check_needed(importer)
    yield from _check_secret(importer)


def _check_needed(importer: Importer) -> Iterator[CheckMessage]:
    # `derive()` and the model's `save()` may set any field.
    if type(importer).derive is not Importer.derive or importer.write == "save":
        return
    given = {
        *scope_names(importer),
        *hints_of(importer),
        *importer.relations,
        *importer.hashed.values(),
    }
    for field in importer.model._meta.concrete_fields:
        if field.name not in given and _is_needed(field):
            belongs = "`relations`" if field.is_relation else "Row"
            yield error(
                importer,
                32,
                f"no row can set {field.name}, which {importer.model.__name__} requires",
                hint=f"Add it to {belongs}, or give the field a default or null=True.",
            )


def _is_needed(field: Any) -> bool:
    made = (
        field.primary_key
        or field.generated
        or getattr(field, "auto_now", False)
        or getattr(field, "auto_now_add", False)
    )
    return not (made or is_optional(field))


def _check_secret(importer: Importer) -> Iterator[CheckMessage]:
    known = {*hints_of(importer), *importer.relations}
    for name in sorted(importer.secret - known):
        if not has_field(importer, name):
            yield error(
                importer,
                33,
                f"the secret {name!r} is no attribute of Row, so it hides nothing",
                hint=f"{meant(name, known)}Name the attribute that nobody may read.",
            )
