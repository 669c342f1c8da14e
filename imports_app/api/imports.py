"""`/api/imports`: list, create, retrieve, update, delete."""

import math
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from imports_app.api.attributes import unexpected
from imports_app.api.authentication import client_of
from imports_app.api.conditions import (
    expected_versions,
    not_modified,
    precondition_failed,
    weak_tag,
)
from imports_app.api.documents import Document
from imports_app.api.errors import ApiError, ApiErrors, standard_error
from imports_app.api.fieldsets import requested_fields
from imports_app.api.filters import AttributeFilterBackend, FilterAttribute
from imports_app.api.idempotency import REPLAYED, idempotency_key, once
from imports_app.api.lookup import import_or_404, visible_imports
from imports_app.api.pagination import PageNumberPagination
from imports_app.api.parameters import LISTING, fields_parameter, refuse_unknown
from imports_app.api.parsers import document_of
from imports_app.api.retries import retried
from imports_app.api.serializers import READ_ONLY, SETTABLE, TYPE, ImportSerializer, columns
from imports_app.api.sorting import SortBackend
from imports_app.api.splice import SplicedView
from imports_app.conf import conf
from imports_app.exceptions import ImportInProgress, VersionChanged
from imports_app.models import Import, ImportChunk
from imports_app.models.scopes import Scope
from imports_app.models.status import ACTIVE, Status
from imports_app.outputs.attachments import signing_window
from imports_app.queue.idempotency import IdempotencyKey
from imports_app.queue.scheduling import queue_position
from imports_app.services import delete_import

# What is looked at whatever is shown: by a delete, a retry, the position in the queue, and the tag.
SINGLE_COLUMNS = (
    "mode",
    "status",
    "position",
    "resource_type",
    "parent_resource_id",
    "cleanup_records",
    "client",
    "retry_of",
    "revision",
    "version",
)
MAX_RETRY_AFTER = 10  # seconds
SORTABLE = (
    "resource_type",
    "parent_resource_id",
    "status",
    "started_at",
    "completed_at",
    "interrupted_at",
    "inputs_size",
    "processed_count",
    "created_count",
    "updated_count",
    "unchanged_count",
    "errors_count",
    "warnings_count",
    "destroyed_count",
    "reference",
    "reference_origin",
    "created_at",
    "updated_at",
    "format",
)
FILTERABLE_ONLY = ("cleanup_records", "metadata", "dry_run")


class ImportViewSet(SplicedView, ListModelMixin, GenericViewSet[Import]):
    """The imports of the client's mode."""

    resource_name = TYPE
    http_method_names = ["get", "head", "post", "patch", "delete"]
    serializer_class = ImportSerializer
    pagination_class = PageNumberPagination
    filter_backends = (AttributeFilterBackend, SortBackend)
    ids_ascend = False  # an id is made before the import takes its place in the order
    filter_attributes = {
        **{name: FilterAttribute.of(Import, name) for name in SORTABLE},
        **{name: FilterAttribute.of(Import, name, sortable=False) for name in FILTERABLE_ONLY},
        "application_id": FilterAttribute.of(Import, "client__client_id", sortable=False),
    }
    required_scopes = {
        "GET": Scope.READ,
        "POST": Scope.WRITE,
        "PATCH": Scope.WRITE,
        "DELETE": Scope.WRITE,
    }

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Looks at the parameters once it is known who asks."""
        super().initial(request, *args, **kwargs)
        if request.method in self.allowed_methods:  # else that is what is wrong with it
            listing = LISTING if self.action == "list" else ()
            refuse_unknown(request.query_params, (*listing, fields_parameter(TYPE)))

    def create(self, request: Request) -> Response:
        """Queues an import. The answer never waits for it."""
        document = document_of(request)
        _check_type(document)
        if document.id is not None:
            raise standard_error(403, "An import's id is given by the server.", pointer="/data/id")
        key = idempotency_key(request)
        return once(request, key, partial(self._create, document, key), self._replay)

    def retry(self, request: Request, pk: str) -> Response:
        """Queues an import of the rows that a final one left undone."""
        if isinstance(request.data, Document):
            _check_id(request.data, pk, optional=True)
            if errors := list(unexpected(request.data, (), (*SETTABLE, *READ_ONLY))):
                raise ApiErrors(errors)
        key = idempotency_key(request, of=f"retry {pk}")
        return once(request, key, partial(self._retry, key), self._replay)

    def retrieve(self, request: Request, pk: str) -> HttpResponseBase:
        """One import; while it is pending, with its place in the queue."""
        if "If-None-Match" in request.headers:
            seen = import_or_404(visible_imports(request).only(*SINGLE_COLUMNS), pk)
            if response := not_modified(request, self._tag(seen, _place(seen))):
                return response
        import_ = self.get_object()
        place = _place(import_)
        context = {**self.get_serializer_context(), "meta": place}
        headers = {"ETag": self._tag(import_, place), **_retry_after(import_, place)}
        return Response(self.get_serializer(import_, context=context).data, headers=headers)

    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes the client's own labels, or interrupts the import."""
        import_ = self.get_object()
        document = document_of(request)
        _check_id(document, pk)
        serializer = self.get_serializer(import_, data=document, partial=True)
        serializer.is_valid(raise_exception=True)
        try:
            changed = serializer.save(versions=expected_versions(request))
        except Import.DoesNotExist:  # deleted in the meantime
            raise Http404 from None
        except VersionChanged as reason:
            raise precondition_failed(reason) from None
        return Response(serializer.data, headers=_retry_after(changed))

    def destroy(self, request: Request, pk: str) -> Response:
        """Deletes an import that no worker has in hand."""
        try:
            delete_import(import_=self.get_object(), versions=expected_versions(request))
        except ImportInProgress:
            raise standard_error(423, "The import is in progress: interrupt it first.") from None
        except Import.DoesNotExist:  # deleted in the meantime
            raise Http404 from None
        except VersionChanged as reason:
            raise precondition_failed(reason) from None
        return Response(status=204)

    def get_queryset(self) -> QuerySet[Import]:
        """Imports of the client's mode, with the columns that the answer needs."""
        fields = requested_fields(self.request, TYPE)
        needed = columns(fields)
        if self.action != "list":
            needed |= set(SINGLE_COLUMNS)
        imports = visible_imports(self.request).only(*needed)
        if "client__client_id" in needed:
            imports = imports.select_related("client")
        if fields is None or "attachment_url" in fields:
            chunks = ImportChunk.objects.filter(bulk_import=OuterRef("pk"))
            imports = imports.annotate(has_inputs=Exists(chunks))
        return imports

    def get_object(self) -> Import:
        """The import of the URL. An id of any other form names none."""
        return import_or_404(self.get_queryset(), self.kwargs["pk"])

    def get_serializer_context(self) -> dict[str, Any]:
        """With the splices of this answer."""
        return {**super().get_serializer_context(), "splices": self.splices}

    def _tag(self, import_: Import, place: Mapping[str, int]) -> str:
        """Made of what the answer depends on, and of few columns."""
        fields = requested_fields(self.request, TYPE)
        signed = fields is None or "attachment_url" in fields
        return weak_tag(
            self.request,
            import_.pk,
            import_.revision,
            import_.client_id,
            import_.retry_of_id,
            place,
            signing_window() if signed else None,
            version=import_.version,
        )

    def _create(self, document: Document, key: IdempotencyKey | None) -> Response:
        self._refuse_if_busy()
        serializer = self.get_serializer(data=document)
        serializer.is_valid(raise_exception=True)
        serializer.save(key=key)
        return _created(serializer)

    def _retry(self, key: IdempotencyKey | None) -> Response:
        self._refuse_if_busy()
        import_ = retried(self.get_object(), client_of(self.request), key)
        return _created(self.get_serializer(import_))

    def _replay(self, import_: Import) -> Response:
        return _created(self.get_serializer(import_), REPLAYED)

    def _refuse_if_busy(self) -> None:
        """One client must not fill the queue."""
        client = client_of(self.request)
        active = Import.objects.active().filter(mode=client.mode, client=client).count()
        if active >= conf.max_active:
            raise standard_error(
                429,
                f"There are {active} active imports already (maximum is {conf.max_active}).",
                headers={"Retry-After": str(math.ceil(conf.sweep_seconds))},
            )


def _check_type(document: Document) -> None:
    if document.type != TYPE:
        detail = f"The type of the resource must be {TYPE}."
        raise standard_error(409, detail, pointer="/data/type")


def _check_id(document: Document, pk: str, *, optional: bool = False) -> None:
    _check_type(document)
    if document.id != pk and not (optional and document.id is None):
        title = "The id is not that of the URL"
        raise ApiError(409, "KEY_NOT_INCLUDED_IN_URL", title, pointer="/data/id")


def _place(import_: Import) -> dict[str, int]:
    """Where it stands in the queue, as its meta says it."""
    pending = import_.status == Status.PENDING
    return {"queue_position": queue_position(import_)} if pending else {}


def _retry_after(
    import_: Import, place: Mapping[str, int] = MappingProxyType({})
) -> dict[str, str]:
    """When to look again at an active one: a batch takes about a second."""
    if import_.status not in ACTIVE:
        return {}
    return {"Retry-After": str(min(place.get("queue_position", 1), MAX_RETRY_AFTER))}


def _created(
    serializer: BaseSerializer[Import], headers: Mapping[str, str] = MappingProxyType({})
) -> Response:
    location = {"Location": str(serializer.data["url"])}  # WSGI wants no subclass of str
    retry_after = _retry_after(serializer.instance) if serializer.instance else {}
    headers = {**location, **retry_after, **headers}
    return Response(serializer.data, status=201, headers=headers)
