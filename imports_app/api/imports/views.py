"""`/api/imports`: list, create, retrieve, update, delete."""

from collections.abc import Sequence
from functools import cached_property, partial
from typing import Any, cast

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from msgspec import Raw
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from imports_app.api.conditions import expected_versions, precondition_failed
from imports_app.api.documents import Document
from imports_app.api.errors import standard_error
from imports_app.api.filters import AttributeFilterBackend, FilterAttribute
from imports_app.api.idempotency import REPLAYED, idempotency_key, once
from imports_app.api.imports import presenter
from imports_app.api.imports.active_limit import refuse_if_busy
from imports_app.api.imports.columns import SINGLE_COLUMNS, columns
from imports_app.api.imports.files import FileBody, is_file, is_mended_file
from imports_app.api.imports.follow_ups import retried, undone
from imports_app.api.imports.mended import MendedBody
from imports_app.api.imports.query import attributes_in
from imports_app.api.imports.requests import (
    changes_of,
    order_of,
    undo_is_dry,
)
from imports_app.api.imports.resource import TYPE, ImportSerializer
from imports_app.api.imports.touched import TOUCHED, touched
from imports_app.api.lookup import import_or_404, visible_imports
from imports_app.api.pagination import PageNumberPagination
from imports_app.api.parameters import (
    INCLUDE,
    LISTING,
    fields_parameter,
    refuse_unknown,
    requested_fields,
    requested_includes,
)
from imports_app.api.permissions import require_scope
from imports_app.api.request_documents import new_document
from imports_app.api.sorting import SortBackend
from imports_app.api.streaming import SplicedView
from imports_app.exceptions import ImportInProgress, VersionChanged
from imports_app.models import Event, Import, ImportChunk
from imports_app.models.attributes import ATTRIBUTES
from imports_app.models.choices import Scope
from imports_app.permissions import check_touch
from imports_app.queue.idempotency import IdempotencyKey
from imports_app.services import (
    ImportOrder,
    create_import,
    delete_import,
    relabel,
    request_interrupt,
)
from imports_app.storage.changes import destroys

# The actions whose body may be a file, and the functions that tell whether it is one.
FILE_ACTIONS = {"create": is_file, "retry": is_mended_file}
# The query parameters of every operation.
OTHERS = (fields_parameter(TYPE), INCLUDE)


class ImportViewSet(SplicedView, ListModelMixin, GenericViewSet[Import]):
    """The imports of the client's mode."""

    resource_name = TYPE
    http_method_names = ["get", "head", "post", "patch", "delete"]
    serializer_class = ImportSerializer
    pagination_class = PageNumberPagination
    filter_backends = (AttributeFilterBackend, SortBackend)
    own_filters = {TOUCHED: touched}
    ids_ascend = False  # an id is made before the import takes its place in the order of creation
    included: tuple[str, ...] = ()
    required_scopes = {
        "GET": Scope.READ,
        "POST": Scope.WRITE,
        "PATCH": Scope.WRITE,
        "DELETE": Scope.WRITE,
    }

    @cached_property
    def filter_attributes(self) -> dict[str, FilterAttribute]:
        """The attributes that a listing can be filtered and sorted by."""
        return {
            **{
                name: FilterAttribute.of(Import, name, sortable=attribute.sortable)
                for name, attribute in ATTRIBUTES.items()
                if attribute.filterable
            },
            "application_id": FilterAttribute.of(Import, "caller", sortable=False),
        }

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check the parameters once the caller is known."""
        super().initial(request, *args, **kwargs)
        if request.method in self.allowed_methods:  # else the answer is a 405
            listing = LISTING if self.action == "list" else ()
            has_file = FILE_ACTIONS.get(self.action)
            self.is_file = has_file is not None and has_file(request)
            if self.is_file:
                attributes_in(request.query_params, OTHERS)
            else:
                refuse_unknown(request.query_params, (*listing, *OTHERS))
            self.included = requested_includes(request, ImportSerializer.related)
        self.fields = requested_fields(request, TYPE)

    def create(self, request: Request) -> Response:
        """Queue an import. The answer never waits for it."""
        if self.is_file:
            file = FileBody(request)
            key = idempotency_key(request, body=file.fingerprint)
            return once(self.caller, key, partial(self._create_of_file, file, key), self._replay)
        document = new_document(request, TYPE, "An import")
        key = idempotency_key(request)
        return once(self.caller, key, partial(self._create, document, key), self._replay)

    def retry(self, request: Request, pk: str) -> Response:
        """Queue an import of the rows that a final one left undone, some of them perhaps mended."""
        body = MendedBody(request, pk, OTHERS)
        content = body.file.fingerprint if body.file else None
        key = idempotency_key(request, of=f"retry {pk}", body=content)
        return once(self.caller, key, partial(self._retry, body, key), self._replay)

    def undo(self, request: Request, pk: str) -> Response:
        """Queue an import that takes a final one back."""
        document = request.data if isinstance(request.data, Document) else None
        dry_run = undo_is_dry(document, pk) if document else False
        key = idempotency_key(request, of=f"undo {pk}")
        return once(self.caller, key, partial(self._undo, key, dry_run=dry_run), self._replay)

    def retrieve(self, request: Request, pk: str) -> HttpResponseBase:
        """Return one import, or a 304 if the client has seen it as it is."""
        if "If-None-Match" in request.headers:
            seen = import_or_404(visible_imports(self.caller).only(*SINGLE_COLUMNS), pk)
            if response := presenter.unchanged(request, seen, self.fields):
                return response
        return presenter.retrieved(request, self.get_object(), self.fields)

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change the client's own labels, or interrupt the import."""
        import_ = self._touched()
        changes = changes_of(request, pk)
        versions = expected_versions(request)
        try:
            if changes.labels or versions is not None:
                import_ = relabel(import_=import_, versions=versions, **changes.labels)
            if changes.interrupt:
                import_ = request_interrupt(import_=import_)
        except Import.DoesNotExist:  # deleted in the meantime
            raise Http404 from None
        except VersionChanged as reason:
            raise precondition_failed(reason) from None
        return presenter.changed(request, import_, self.fields)

    def destroy(self, request: Request, pk: str) -> Response:
        """Delete an import that isn't in progress."""
        try:
            delete_import(import_=self._touched(), versions=expected_versions(request))
        except ImportInProgress:
            raise standard_error(423, "The import is in progress: interrupt it first.") from None
        except Import.DoesNotExist:  # deleted in the meantime
            raise Http404 from None
        except VersionChanged as reason:
            raise precondition_failed(reason) from None
        return Response(status=204)

    def get_queryset(self) -> QuerySet[Import]:
        """Return the imports that the client sees, with the columns that the answer needs."""
        needed = columns(self.fields)
        if self.action != "list":
            needed |= set(SINGLE_COLUMNS)
        imports = visible_imports(self.caller).only(*needed)
        if self.fields is None or "attachment_url" in self.fields:
            chunks = ImportChunk.objects.filter(bulk_import=OuterRef("pk"))
            imports = imports.annotate(has_inputs=Exists(chunks))
        if self.included:
            imports = imports.prefetch_related(Prefetch("events", Event.objects.order_by("rank")))
        return imports

    def get_object(self) -> Import:
        """Return the import of the URL, or raise a 404."""
        return import_or_404(self.get_queryset(), self.kwargs["pk"])

    def _touched(self) -> Import:
        """Return the import of the URL, if the caller may change it."""
        import_ = self.get_object()
        if self.caller.user is not None:
            check_touch(self.caller.user, import_)
        return import_

    def get_serializer_context(self) -> dict[str, Any]:
        """Return the context, with the fields that a listing shows."""
        return {**super().get_serializer_context(), "fields": self.fields}

    def _create(self, document: Document, key: IdempotencyKey | None) -> Response:
        refuse_if_busy(self.caller)
        order = order_of(self.request, document, self.caller.mode)
        import_ = self._created(order, key)
        rows = cast("Sequence[bytes | Raw]", order.rows)
        return presenter.created(self.request, import_, self.fields, rows=rows)

    def _create_of_file(self, file: FileBody, key: IdempotencyKey | None) -> Response:
        refuse_if_busy(self.caller)
        import_ = self._created(file.order(self.caller.mode, OTHERS), key)
        return presenter.created(self.request, import_, self.fields)

    def _created(self, order: ImportOrder, key: IdempotencyKey | None) -> Import:
        caller = self.caller
        return create_import(
            order=order,
            mode=caller.mode,
            caller=caller.key,
            created_by=caller.user,
            key=key,
            approval=self.access.approval,
        )

    def _retry(self, body: MendedBody, key: IdempotencyKey | None) -> Response:
        refuse_if_busy(self.caller)
        import_ = body.make(
            self.get_object(),
            lambda first, mended: retried(first, self.caller, key, mended, self.access.approval),
        )
        return presenter.created(self.request, import_, self.fields)

    def _undo(self, key: IdempotencyKey | None, *, dry_run: bool) -> Response:
        refuse_if_busy(self.caller)
        import_ = self.get_object()
        if destroys(import_):
            require_scope(self.request, Scope.CLEANUP)
        import_ = undone(import_, self.caller, key, self.access.approval, dry_run=dry_run)
        return presenter.created(self.request, import_, self.fields)

    def _replay(self, import_: Import) -> Response:
        return presenter.created(self.request, import_, self.fields, headers=REPLAYED)
