"""A field's choices, formats and validators, in the form in which Pydantic applies them."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Literal, NoReturn, TypeAlias

from django.core.exceptions import ValidationError
from django.core.validators import (
    EmailValidator,
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
    URLValidator,
)
from django.db import models
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from imports_app.engine.types.messages import NOT_BLANK_PATTERN

AnyField: TypeAlias = "models.Field[Any, Any]"
Validator: TypeAlias = Callable[[Any], Any]

# Django's limits, with the codes and messages that the same limits have elsewhere.
LIMITS: Mapping[type[Any], tuple[str, str]] = {
    MinValueValidator: ("greater_than_or_equal_to", "must be greater than or equal to {}"),
    MaxValueValidator: ("less_than_or_equal_to", "must be less than or equal to {}"),
    MinLengthValidator: ("too_short", "is too short (minimum is {} characters)"),
    MaxLengthValidator: ("too_long", "is too long (maximum is {} characters)"),
}
FORMATS: Mapping[type[Any], str] = {
    EmailValidator: "is not a valid email address",
    URLValidator: "is not a valid URL",
}


def choice_type(field: AnyField, base: Any) -> Any:
    """Return the type of the field's choices if it is a text or an integer; None without choices.

    If a text may be blank, that is a choice, too.
    """
    if not field.choices or base not in (str, int):
        return None
    values = [value for value, _ in field.flatchoices if type(value) is not bool]
    if field.blank and base is str:
        values.append("")
    known = [base(value) for value in dict.fromkeys(values) if isinstance(value, base)]
    return Literal[tuple(known)] if known else None


def blank_pattern(field: AnyField, *, required: bool) -> str | None:
    """Return the pattern of a text that isn't blank; None if it may be blank."""
    may_be = field.null or field.blank or (field.has_default() and not field.get_default())
    return NOT_BLANK_PATTERN if required or not may_be else None


def declared_limits(field: AnyField) -> tuple[list[int], list[int]]:
    """Return the least and the greatest values of the field's validators."""
    found: dict[type[Any], list[int]] = {MinValueValidator: [], MaxValueValidator: []}
    for validate in _declared(field):
        if _is_plain_limit(validate):
            found[type(validate)].append(validate.limit_value)
    return found[MinValueValidator], found[MaxValueValidator]


def validator_rules(field: AnyField, base: Any, *, formats: bool) -> list[Any]:
    """Return the rules of the validators that the model's author gave the field.

    With `formats`, the validators of the field's class as well, such as that of an EmailField.
    """
    own = [v for v in _declared(field) if base is not int or not _is_plain_limit(v)]
    by_class = _of_class(field) if formats else ()
    validators = [*by_class, *own]
    return [AfterValidator(partial(_validated, validators))] if validators else []


def refuse(code: str, message: str) -> NoReturn:
    """Raise what Pydantic turns into an error. The message isn't a template: it may have braces."""
    raise PydanticCustomError(code, "{message}", {"message": message})


def _declared(field: AnyField) -> list[Any]:
    *_, declared = field.deconstruct()
    return list(dict(declared or {}).get("validators") or ())


def _of_class(field: AnyField) -> Iterator[Validator]:
    """Yield the validators of the field's class; field_rules has those of IP addresses."""
    if not isinstance(field, models.GenericIPAddressField):
        yield from field.default_validators


def _is_plain_limit(validate: Any) -> bool:
    return (
        type(validate) in (MinValueValidator, MaxValueValidator)
        and type(validate.limit_value) is int
    )


def _validated(validators: list[Validator], value: Any) -> Any:
    """Return the value if the validators accept it; they don't see blank texts."""
    for validate in validators if value not in ("", None) else ():
        try:
            validate(value)
        except ValidationError as error:
            _refuse_by(validate, error)
    return value


def _refuse_by(validate: Validator, error: ValidationError) -> NoReturn:
    for kind, (code, text) in LIMITS.items():
        if type(validate) is kind:
            refuse(code, text.format((error.params or {})["limit_value"]))
    if type(validate) in FORMATS:
        refuse("invalid", FORMATS[type(validate)])
    refuse(error.code or "invalid", " ".join(error.messages))
