"""Derive an importer's Row and relations from its model, where it declares none itself."""

from base64 import b64decode
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Required, TypedDict, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import NOT_PROVIDED
from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from imports_app.importer import Importer, Relation
from imports_app.models import ModeModel
from imports_app.ranges import RangeForm, is_range


def _decoded(value: Any) -> Any:
    """Return the bytes of a Base64 text; what is none is left for validation to refuse."""
    try:
        return b64decode(value, validate=True) if isinstance(value, str) else value
    except ValueError:
        raise PydanticCustomError("base64", "is not Base64") from None


# Bytes, which a row gives as Base64.
Bytes = Annotated[
    bytes,
    BeforeValidator(_decoded),
    WithJsonSchema({"type": "string", "contentEncoding": "base64"}),
]
ImporterType = TypeVar("ImporterType", bound=Importer)

# The first that fits counts: a DateTimeField is a DateField too.
HINTS: "tuple[tuple[type[models.Field[Any, Any]], Any], ...]" = (
    (models.BinaryField, Bytes),
    (models.BooleanField, bool),
    (models.DateTimeField, datetime),
    (models.DateField, date),
    (models.DecimalField, Decimal),
    (models.DurationField, timedelta),
    (models.FloatField, float),
    (models.IntegerField, int),
    (models.JSONField, Any),
    (models.TimeField, time),
    (models.UUIDField, UUID),
    (models.CharField, str),
    (models.TextField, str),
    (models.FileField, str),
    (models.GenericIPAddressField, str),
)


def completed(importer: ImporterType) -> ImporterType:
    """Complete the importer from its model; what it declares itself wins.

    An importer with a Row and neither `fields` nor `exclude` is complete.
    """
    says_all = hasattr(importer, "Row") and importer.fields is None and not importer.exclude
    if says_all or not _is_sound(importer):
        return importer
    given = {**getattr(getattr(importer, "Row", None), "__annotations__", {})}
    chosen = [*_chosen(importer)]
    hints = {
        field.name: _hint(importer, field)
        for field in chosen
        if not field.is_relation and is_known(field)
    }
    relations = {field.name: _relation(field) for field in chosen if _is_foreign_key(field)}
    make: Any = TypedDict  # to a type checker it is no function
    vars(importer).update(
        Row=make("Row", hints | given, total=False),
        relations=relations | dict(importer.relations),
        many=dict(_many(importer)) | dict(importer.many),
    )
    return importer


def _is_sound(importer: Any) -> bool:
    """Return whether it can be worked with; the checks say what is wrong with one that can't."""
    return (
        isinstance(importer.fields, tuple | None)
        and isinstance(importer.exclude, tuple)
        and isinstance(importer.key, tuple)
        and isinstance(importer.relations, Mapping)
        and isinstance(importer.many, Mapping)
    )


def is_known(field: Any) -> bool:
    """Return whether a type for the attribute follows from that field."""
    return hint_of(field) is not None


def hint_of(field: Any) -> Any:
    """Return the type of the values in that field; None if there is none that JSON can give."""
    if hasattr(field, "base_field") and hasattr(field, "size"):  # an array's
        inner = hint_of(field.base_field)
        return None if inner is None else list[inner | None]  # type: ignore[valid-type]
    if is_range(field):
        inner = hint_of(field.base_field)
        return None if inner is None else Annotated[field.range_type, RangeForm(field, inner)]
    return next((hint for kind, hint in HINTS if isinstance(field, kind)), None)


def is_optional(field: Any) -> bool:
    """Return whether a new record may leave it out."""
    if field.null or field.has_default() or field.db_default is not NOT_PROVIDED:
        return True
    return bool(field.blank and field.empty_strings_allowed)  # it is empty then


def _chosen(importer: Importer) -> Iterator[Any]:
    """Yield the fields that `fields` names, or all that a form would show; those of both without
    the excluded ones.
    """
    scope = {"mode"} if issubclass(importer.model, ModeModel) else set()
    for field in importer.model._meta.concrete_fields:
        wanted = _is_shown(field) if importer.fields is None else field.name in importer.fields
        if wanted and field.name not in scope.union(importer.exclude):
            yield field


def _many(importer: Importer) -> Iterator[tuple[str, Relation]]:
    """Yield the many-to-many fields that a form would show, or `fields` name, but for the tags."""
    fields: Any = importer.model._meta.many_to_many
    for field in fields:
        is_plain = field.remote_field.through._meta.auto_created
        wanted = field.editable if importer.fields is None else field.name in importer.fields
        is_own = field.related_model is importer.model
        besides = {importer.tags, *importer.exclude}
        if wanted and is_plain and not is_own and field.name not in besides:
            yield field.name, Relation(field.related_model)


def _is_shown(field: Any) -> bool:
    return bool(
        field.editable and not field.generated and not isinstance(field, models.AutoField)
    ) and not (field.primary_key and field.has_default())


def _hint(importer: Importer, field: Any) -> Any:
    hint = hint_of(field)
    if field.null:
        return hint if hint is Any else hint | None
    is_needed = not is_optional(field)
    is_key = field.name in importer.key and not callable(field.default)
    return Required[hint] if is_needed or is_key else hint


def _is_foreign_key(field: Any) -> bool:
    """Return whether rows may point by it."""
    return isinstance(field, models.ForeignKey) and not field.remote_field.parent_link


def _relation(field: Any) -> Relation:
    return Relation(field.related_model, required=not is_optional(field))
