"""The mended rows that a retry may come with, in a document or as a file."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from rest_framework.request import Request

from imports_app.api.attributes import decode, unexpected
from imports_app.api.documents import Document
from imports_app.api.errors import ApiError, ApiErrors, validation_error, validation_errors
from imports_app.api.fields import checked
from imports_app.api.imports.files import FileBody, is_mended_file, refusals_as_errors
from imports_app.api.imports.query import attributes_in, in_query
from imports_app.api.imports.resource import TYPE
from imports_app.api.imports.rows import read_rows, rows_refused
from imports_app.api.imports.targets import FILE_OPTIONS, read_options
from imports_app.api.parameters import bad_parameter
from imports_app.api.raw_inputs import INPUTS
from imports_app.api.request_documents import check_id
from imports_app.api.senders import RESOURCE_TYPE
from imports_app.engine.reading import target_of
from imports_app.engine.types import schema_for
from imports_app.inputs import FileOptions, InputsRefused, RowSource, Target
from imports_app.models import Import
from imports_app.models.attributes import shown
from imports_app.registry import importers
from imports_app.services.mending import cell_options, contradicted
from imports_app.services.retrying import AS_THEY_WERE, Mended
from imports_app.storage.failures import LeftUndone

DRY_RUN, FORMAT = "dry_run", "format"
OF_FILE = (DRY_RUN, FILE_OPTIONS)
OF_DOCUMENT = (*OF_FILE, FORMAT)

Make = Callable[[Import, Mended], Import]


class MendedBody:
    """The body of a retry.

    Attributes:
        file: the body if it is a file, else None.
    """

    def __init__(self, request: Request, pk: str, others: Collection[str]) -> None:
        self._request = request
        self.file: FileBody | None = None
        self._document: Document | None = None
        if is_mended_file(request):
            self.file = FileBody(request)
            self._sent = attributes_in(request.query_params, others)
            _refuse_others(self._sent)
        elif isinstance(request.data, Document):
            self._document = request.data
            check_id(self._document, TYPE, pk, optional=True)

    def make(self, first: Import, make: Make) -> Import:
        """Return what `make` makes of the rows. Raises ApiErrors for what is wrong with them."""
        if self.file:
            mended = self._of_file(self.file, first)
            with refusals_as_errors():
                return make(first, mended)
        if self._document is None:
            return make(first, AS_THEY_WERE)
        try:
            return make(first, self._of_document(self._document, first))
        except InputsRefused as reason:
            raise rows_refused(reason.faults, self._document.inputs) from None

    def _of_file(self, file: FileBody, first: Import) -> Mended:
        of_type = self._sent.pop(RESOURCE_TYPE, first.resource_type)
        if of_type != first.resource_type:
            raise bad_parameter(RESOURCE_TYPE, f"is not that of the import, {first.resource_type}")
        values, faults = checked(self._sent, Import, dict.fromkeys(OF_FILE, False))
        options, sent, misread = _options(values, first)
        if errors := [*validation_errors(faults, self._sent), *misread]:
            raise ApiErrors(list(map(in_query, errors)))
        return Mended(file.source(_target(first), options), sent, bool(values.get(DRY_RUN)))

    def _of_document(self, document: Document, first: Import) -> Mended:
        errors = list(unexpected(document, (*OF_DOCUMENT, INPUTS), shown()))
        sent, undecoded = decode(document)
        values, faults = checked(sent, Import, dict.fromkeys(OF_DOCUMENT, False))
        options, cells, misread = _options(values, first)
        errors += [*undecoded, *validation_errors(faults, sent), *misread]
        source: RowSource | None = None
        if document.inputs is not None:
            typed = {**sent, RESOURCE_TYPE: first.resource_type}
            source, refused = read_rows(document.inputs, typed, _target(first), options)
            errors += refused
        if errors:
            raise ApiErrors(errors)
        return Mended(source, cells, bool(values.get(DRY_RUN)))


def _options(
    values: Mapping[str, Any], first: Import
) -> tuple[FileOptions, dict[str, Any], list[ApiError]]:
    """Return how to read the rows, what was sent about that, and its errors.

    What isn't sent is as in the import that is retried.
    """
    own = {k: v for k, v in (values.get(FILE_OPTIONS) or {}).items() if v is not None}
    sent = cell_options(first) | own
    options, misread = read_options({FILE_OPTIONS: sent})
    errors = list(misread)
    if not errors and own and (name := contradicted(LeftUndone(first), sent)):
        message = "differs from that of the rows that were not processed, which are retried, too"
        pointer = f"/data/attributes/{FILE_OPTIONS}/{name}"
        errors.append(
            validation_error(f"{FILE_OPTIONS}.{name}", "invalid", message, pointer=pointer)
        )
    return options, sent, errors


def _target(first: Import) -> Target | None:
    importer = importers.find(first.resource_type)
    has_parent = bool(first.parent_resource_id)
    return target_of(schema_for(importer), has_parent=has_parent) if importer else None


def _refuse_others(sent: Mapping[str, Any]) -> None:
    for name in sent:
        if name not in (*OF_FILE, RESOURCE_TYPE):
            raise bad_parameter(name, "can't be changed: a retry keeps that of its import")
