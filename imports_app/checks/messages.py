"""What the checks of importers have in common."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Required, get_origin, get_type_hints

from django.core.checks import Error
from django.core.exceptions import FieldDoesNotExist
from django.db.models.manager import BaseManager

from imports_app.importer import Importer
from imports_app.models import ModeModel

INSTRUCTION = "_"


def error(importer: Importer, number: int, message: str, *, hint: str) -> Error:
    """Return the error of that number; the hint says what to write instead."""
    name = type(importer).__name__
    return Error(f"{name}: {message}.", hint=hint, obj=importer.model, id=f"imports.E{number:03}")


def field_of(importer: Importer, name: str) -> Any:
    """Return the model's field of that name, a reverse relation too; None if there is none."""
    try:
        return importer.model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def has_field(importer: Importer, name: str) -> bool:
    """Return whether the model has a field of that name."""
    return field_of(importer, name) is not None


def manager_of(importer: Importer) -> Any:
    """Return the manager that finds the importer's records; the default one if there is none."""
    found = getattr(importer.model, importer.manager or "", None)
    return found if isinstance(found, BaseManager) else importer.model._default_manager


def scope_names(importer: Importer) -> tuple[str, ...]:
    """Return the fields that a record gets from its import, and that no row gives."""
    return ("mode",) if issubclass(importer.model, ModeModel) else ()


def hints_of(importer: Importer) -> Mapping[str, Any]:
    """Return the types of the Row's attributes; none if they can't be read, an error of rows.py."""
    try:
        return get_type_hints(getattr(importer, "Row", object), include_extras=True)
    except Exception:  # noqa: BLE001  (evaluates what somebody wrote)
        return {}


def is_required(hint: Any) -> bool:
    """Return whether the attribute of that type is required on create."""
    return get_origin(hint) is Required


def columns_of(importer: Importer) -> Mapping[str, Any]:
    """Return the types of the Row's attributes that are stored."""
    hints = hints_of(importer)
    return {name: hint for name, hint in hints.items() if not name.startswith(INSTRUCTION)}


def meant(name: str, names: Iterable[str]) -> str:
    """Return the beginning of a hint: the most similar of the names, if any is similar."""
    close = get_close_matches(name, list(names), n=1)
    return f"Did you mean {close[0]!r}? " if close else ""
