"""What a request asks of an import: read, checked, and in the terms of the services.

Whatever is wrong with a document is raised as ApiErrors, all at once.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from imports_app.api.authentication import client_of
from imports_app.api.documents import INPUTS, Document
from imports_app.api.errors import ApiError, ApiErrors, standard_error, validation_errors
from imports_app.api.fields import BooleanField, field_of
from imports_app.api.imports.attributes import decode, unexpected
from imports_app.api.imports.parents import PARENT, parent_error
from imports_app.api.imports.resource import TYPE
from imports_app.api.imports.rows import read_rows
from imports_app.api.parsers import document_of
from imports_app.api.permissions import require_scope
from imports_app.engine.types import type_problem
from imports_app.models import Import
from imports_app.models.attributes import ATTRIBUTES, changeable, settable, shown
from imports_app.models.scopes import Scope
from imports_app.services import ImportOrder

INTERRUPT = "_interrupt"


class Changes(NamedTuple):
    """What is to become of an import: other labels, its end."""

    labels: dict[str, Any]
    interrupt: bool


def new_document(request: Request) -> Document:
    """The document that a POST has to have."""
    document = document_of(request)
    _check_type(document)
    if document.id is not None:
        raise standard_error(403, "An import's id is given by the server.", pointer="/data/id")
    return document


def order_of(request: Request, document: Document) -> ImportOrder:
    """The import that the document asks for.

    Cleanup needs a scope of its own; without it this raises a 403.
    """
    names = settable()
    unknown = list(unexpected(document, names, shown()))
    sent, errors = decode(document)
    values, faults = _checked(sent, [name for name in names if name != INPUTS])
    if values.get("cleanup_records"):
        require_scope(request, Scope.CLEANUP)
    mode = client_of(request).mode
    errors += unknown + validation_errors(_type_fault(values, mode) | faults, sent)
    if error := parent_error(sent.get("resource_type"), sent.get(PARENT), mode):
        errors.append(error)
    source, refused = read_rows(document.inputs, sent)
    errors += refused
    if errors or source is None:
        raise ApiErrors(errors)
    return ImportOrder(rows=source.rows, csv=source.csv, **_with_defaults(values))


def changes_of(document: Document, pk: str) -> Changes:
    """The changes of the import of that id which the document asks for."""
    check_id(document, pk)
    names = changeable()
    unknown = list(unexpected(document, names, shown()))
    sent, errors = decode(document)
    values, faults = _checked(sent, names)
    if errors := errors + unknown + validation_errors(faults, sent):
        raise ApiErrors(errors)
    interrupt = bool(values.pop(INTERRUPT, False))
    return Changes(_with_defaults(values), interrupt)


def check_retry(document: Document, pk: str) -> None:
    """Refuses a document that asks for more than a retry."""
    check_id(document, pk, optional=True)
    if errors := list(unexpected(document, (), shown())):
        raise ApiErrors(errors)


def check_id(document: Document, pk: str, *, optional: bool = False) -> None:
    """Refuses a document that is about anything but the import of that id."""
    _check_type(document)
    if document.id != pk and not (optional and document.id is None):
        title = "The id is not that of the URL"
        raise ApiError(409, "KEY_NOT_INCLUDED_IN_URL", title, pointer="/data/id")


def field_for(name: str) -> "serializers.Field[Any, Any, Any, Any]":
    """The field that reads the attribute; raises TypeError for one that has none."""
    if name == INTERRUPT:
        return BooleanField(required=False, allow_null=True)
    model_field: Any = Import._meta.get_field(name)
    return field_of(model_field, may_be_empty=ATTRIBUTES[name].may_be_empty)


def _check_type(document: Document) -> None:
    if document.type != TYPE:
        detail = f"The type of the resource must be {TYPE}."
        raise standard_error(409, detail, pointer="/data/type")


def _checked(
    sent: Mapping[str, Any], names: Iterable[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values of the attributes, and what is wrong with them by themselves."""
    values, faults = {}, {}
    for name in names:
        try:
            values[name] = field_for(name).run_validation(sent.get(name, serializers.empty))
        except serializers.SkipField:
            pass
        except ValidationError as error:
            faults[name] = error.detail
    return values, faults


def _type_fault(values: Mapping[str, Any], mode: str) -> dict[str, Any]:
    """The type must be a registered one of the client's mode."""
    resource_type = values.get("resource_type")
    problem = type_problem(resource_type, mode) if resource_type else None
    return {problem.attribute: [ErrorDetail(problem.message, problem.error)]} if problem else {}


def _with_defaults(values: Mapping[str, Any]) -> dict[str, Any]:
    """Null asks for the default."""
    default = Import()
    return {
        name: getattr(default, name) if value is None else value for name, value in values.items()
    }
