"""Keeps our views independent of a project's settings of Django REST framework."""

from collections.abc import Sequence
from typing import Any, cast

from django.db import connections
from django.db.transaction import non_atomic_requests  # noqa: TID251  (on all databases)
from rest_framework.metadata import SimpleMetadata
from rest_framework.request import Request
from rest_framework.settings import DEFAULTS, IMPORT_STRINGS, APISettings
from rest_framework.views import APIView

from imports_app.api.authentication import Access, CallerAuthentication
from imports_app.api.negotiation import JsonApiNegotiation
from imports_app.api.parsers import JsonApiParser, JsonParser
from imports_app.api.permissions import HasScope
from imports_app.api.renderers import JsonApiRenderer, JsonRenderer
from imports_app.callers import Caller

OWN = APISettings(
    {"EXCEPTION_HANDLER": "imports_app.api.errors.exception_handler"}, DEFAULTS, IMPORT_STRINGS
)


class BaseView(APIView):
    """The first base class of all our views, on which a project's REST_FRAMEWORK has no effect.

    Our views are left out of the project's schema and of its ATOMIC_REQUESTS: imports are created
    in transactions of our own, and a database error must not break the request's.
    """

    access: Access
    caller: Caller
    settings = OWN
    authentication_classes: Sequence[Any] = (CallerAuthentication,)
    permission_classes: Sequence[Any] = (HasScope,)
    content_negotiation_class: Any = JsonApiNegotiation
    renderer_classes: Sequence[Any] = (JsonApiRenderer, JsonRenderer)
    parser_classes: Sequence[Any] = (JsonApiParser, JsonParser)
    throttle_classes: Sequence[Any] = ()
    filter_backends: Any = ()
    pagination_class: Any = None
    versioning_class: Any = None
    metadata_class: Any = SimpleMetadata
    schema: Any = None

    def perform_authentication(self, request: Request) -> None:
        """Note the caller; a view that needs no credentials has none."""
        super().perform_authentication(request)
        if request.auth is not None:
            self.access = cast("Access", request.auth)
            self.caller = self.access.caller

    @classmethod
    def as_view(cls, *args: Any, **initkwargs: Any) -> Any:
        """Return the view, without a transaction around the request on any database."""
        view: Any = super().as_view(*args, **initkwargs)
        for alias in connections:
            view = non_atomic_requests(using=alias)(view)
        return view


class PublicFileView(BaseView):
    """Sends one file, whatever Accept says, to whoever has the URL; only errors are documents."""

    authentication_classes = ()
    permission_classes = ()

    def perform_content_negotiation(
        self,
        request: Request,
        force: bool = False,  # noqa: FBT001, FBT002  (DRF's signature)
    ) -> Any:
        """Ignore Accept: the URL asks for this file."""
        return super().perform_content_negotiation(request, force=True)
