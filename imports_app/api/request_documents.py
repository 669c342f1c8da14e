"""Checks a request's document: whether it is about the right resource, and its attributes."""

from collections.abc import Collection, Mapping
from typing import Any

from rest_framework.request import Request
from rest_framework.serializers import SkipField, ValidationError, empty

from imports_app.api.attributes import decode, unexpected
from imports_app.api.documents import Document, malformed
from imports_app.api.errors import ApiError, ApiErrors, standard_error, validation_errors
from imports_app.api.resources import AnyField


def new_document(request: Request, type_: str, named: str) -> Document:
    """Return the document of a resource that is to be created; `named`: "An import", for errors."""
    document = document_of(request)
    if document.type != type_:
        raise _wrong_type(type_)
    if document.id is not None:
        raise standard_error(403, f"{named}'s id is given by the server.", pointer="/data/id")
    return document


def document_of(request: Request) -> Document:
    """Return the request's document. Raise a 400 if it has none."""
    document = request.data
    if not isinstance(document, Document):
        raise malformed("The request has no body, or its Content-Length is missing.")
    return document


def check_id(document: Document, type_: str, pk: str, *, optional: bool = False) -> None:
    """Raise a 409 for a document about another resource than that of the URL."""
    if document.type != type_:
        raise _wrong_type(type_)
    if document.id != pk and not (optional and document.id is None):
        title = "The id is not that of the URL"
        raise ApiError(409, "KEY_NOT_INCLUDED_IN_URL", title, pointer="/data/id")


def attributes_of(
    document: Document, fields: Mapping[str, AnyField], read_only: Collection[str]
) -> dict[str, Any]:
    """Return the values of the attributes that were sent. Raise ApiErrors with all their errors."""
    unknown = list(unexpected(document, fields, read_only))
    sent, errors = decode(document)
    values, faults = {}, {}
    for name, field in fields.items():
        try:
            values[name] = field.run_validation(sent.get(name, empty))
        except SkipField:
            continue
        except ValidationError as error:
            faults[name] = error.detail
    if errors := errors + unknown + validation_errors(faults, sent):
        raise ApiErrors(errors)
    return values


def _wrong_type(type_: str) -> ApiError:
    detail = f"The type of the resource must be {type_}."
    return standard_error(409, detail, pointer="/data/type")
