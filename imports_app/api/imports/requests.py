"""Reads and checks requests about imports, and puts them into the terms of the services.

Everything that is wrong with a document is raised at once, as ApiErrors.
"""

from typing import Any, NamedTuple

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from imports_app.api.attributes import decode, unexpected
from imports_app.api.documents import Document
from imports_app.api.errors import ApiErrors, validation_errors
from imports_app.api.fields import BooleanField, checked
from imports_app.api.imports.parents import admission_errors, not_admitted
from imports_app.api.imports.resource import TYPE
from imports_app.api.imports.rows import read_rows
from imports_app.api.imports.targets import reading_of
from imports_app.api.request_documents import check_id, document_of
from imports_app.engine.types import whole_problem
from imports_app.models import Import
from imports_app.models.attributes import changeable, settable, shown, stored
from imports_app.services import ImportOrder

DRY_RUN = "dry_run"
INTERRUPT = "_interrupt"  # the only attribute that isn't stored


class Changes(NamedTuple):
    """The changes of an import: new values of its labels, and whether it is to stop."""

    labels: dict[str, Any]
    interrupt: bool


def order_of(request: Request, document: Document, mode: str) -> ImportOrder:
    """Return the import that the document asks for.

    Cleanup needs a scope of its own; without it this raises a 403.
    """
    names = settable()
    unknown = list(unexpected(document, names, shown()))
    sent, errors = decode(document)
    values, faults = checked(sent, Import, stored(names))
    reading = reading_of(request, values)
    of_type, of_parent = admission_errors(reading.importer, sent, values, mode)
    errors += [*unknown, *of_type, *validation_errors(faults, sent), *of_parent]
    source, refused = read_rows(document.inputs, sent, reading.target, reading.options)
    errors += [*reading.errors, *refused]
    if source and (problem := whole_problem(values, source.rows)):
        errors.append(not_admitted(problem))
    if errors or source is None:
        raise ApiErrors(errors)
    return ImportOrder.of(source, **values)


def changes_of(request: Request, pk: str) -> Changes:
    """Return the changes that the request asks for, of the import of that id."""
    document = document_of(request)
    check_id(document, TYPE, pk)
    names = changeable()
    unknown = list(unexpected(document, names, shown()))
    sent, errors = decode(document)
    labels, faults = checked(sent, Import, stored(names))
    try:
        interrupt = interrupt_field().run_validation(sent.get(INTERRUPT))
    except ValidationError as error:
        faults[INTERRUPT] = error.detail
    if errors := errors + unknown + validation_errors(faults, sent):
        raise ApiErrors(errors)
    return Changes(labels, bool(interrupt))


def undo_is_dry(document: Document, pk: str) -> bool:
    """Return whether the undo is to be a dry run. Raise ApiErrors for any other attribute."""
    check_id(document, TYPE, pk, optional=True)
    unknown = list(unexpected(document, (DRY_RUN,), shown()))
    sent, errors = decode(document)
    values, faults = checked(sent, Import, {DRY_RUN: False})
    if errors := [*errors, *unknown, *validation_errors(faults, sent)]:
        raise ApiErrors(errors)
    return bool(values.get(DRY_RUN))


def interrupt_field() -> BooleanField:
    """Return the field that says whether the import is to stop."""
    return BooleanField(required=False, allow_null=True)
