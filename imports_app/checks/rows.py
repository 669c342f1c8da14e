"""What is wrong with an importer's Row."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_type_hints

from django.core.checks import CheckMessage
from pydantic import TypeAdapter
from typing_extensions import is_typeddict

from imports_app.checks.annotations import expected_types, fits
from imports_app.checks.labels import check_labels
from imports_app.checks.messages import (
    INSTRUCTION,
    error,
    field_of,
    has_field,
    hints_of,
    is_required,
    meant,
    scope_names,
)
from imports_app.importer import Importer
from imports_app.ranges import is_range


def check_row(importer: Importer) -> Iterator[CheckMessage]:
    """Check that rows can be validated by it and stored."""
    row = getattr(importer, "Row", None)
    declare = "Declare `class Row(TypedDict, total=False)`, or leave it out."
    if not is_typeddict(row):
        yield error(importer, 26, "its Row is no TypedDict", hint=declare)
        return
    yield from _check_total(importer, row)
    try:
        hints = get_type_hints(row, include_extras=True)
    except Exception as reason:  # noqa: BLE001  (evaluates what somebody wrote)
        yield error(
            importer,
            28,
            f"the types of Row can't be read: {reason}",
            hint="Import or define what they name.",
        )
        return
    for name, hint in hints.items():
        yield from _check_attribute(importer, name, hint)
    yield from _check_synonyms(importer, hints)
    yield from check_labels(importer, hints)


def _check_synonyms(importer: Importer, hints: Mapping[str, Any]) -> Iterator[CheckMessage]:
    taken = {
        "id",
        *scope_names(importer),
        *importer.relations,
        *importer.many,
        *importer.children,
        *hints,
    }
    for name, attribute in importer.synonyms.items():
        if attribute not in hints or attribute in importer.key or name in taken:
            yield error(
                importer,
                36,
                f"{name} can't be a synonym of {attribute}",
                hint="Declare synonyms for attributes of Row that are not part of the key, and"
                " choose names that nothing else in a row has.",
            )


def _check_total(importer: Importer, row: Any) -> Iterator[CheckMessage]:
    required = {name for name, hint in hints_of(importer).items() if is_required(hint)}
    if whole := sorted(row.__required_keys__ - required):
        yield error(
            importer,
            27,
            f"its Row requires {', '.join(whole)} in every row",
            hint="Write `class Row(TypedDict, total=False)`, and `Required[…]` around the types of"
            " attributes that a new record needs: an update may leave out anything.",
        )


def _check_attribute(importer: Importer, name: str, hint: Any) -> Iterator[CheckMessage]:
    if name in {"id", *scope_names(importer), *importer.relations}:
        yield error(
            importer,
            4,
            f"Row.{name} is read by the engine itself",
            hint="Leave it out; a relation belongs in `relations`.",
        )
    elif not name.startswith(INSTRUCTION) and not has_field(importer, name):
        fields = [field.name for field in importer.model._meta.concrete_fields]
        yield error(
            importer,
            5,
            f"Row.{name} is no field of {importer.model.__name__}",
            hint=f"{meant(name, fields)}Name it as the field, or add the field to the model.",
        )
    else:
        yield from _check_type(importer, name, get_args(hint)[0] if is_required(hint) else hint)


def _check_type(importer: Importer, name: str, hint: Any) -> Iterator[CheckMessage]:
    try:
        TypeAdapter(hint)
    except Exception as reason:  # noqa: BLE001  (whatever somebody may have written there)
        yield error(
            importer,
            28,
            f"Pydantic can't validate Row.{name}: {str(reason).splitlines()[0]}",
            hint="Write a type that it knows, str for example.",
        )
        return
    field = field_of(importer, name)
    if field is not None and field.is_relation:
        yield error(
            importer,
            4,
            f"Row.{name} points to other records",
            hint="Leave it out; name it in `relations`, `many`, `children` or `tags`.",
        )
    elif field is not None and not fits(field, hint):
        types = " or ".join(one.__name__ for one in expected_types(field))
        own = "Leave it out of Row, and name it in `fields`."  # a range's, which is hard to write
        yield error(
            importer,
            29,
            f"the type of Row.{name} doesn't fit the {type(field).__name__} that it is stored in",
            hint=own if is_range(field) else f"Write {types}.",
        )
