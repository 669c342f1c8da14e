"""Single resources that carry an entity tag made of what the answer shows."""

from typing import Any

from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from imports_app.api.conditions import not_modified, weak_tag
from imports_app.api.own_view import OwnView


class TaggedViewSet(OwnView, GenericViewSet[Any]):
    """Tags every answer to `retrieve`; a client that has it already gets the 304."""

    def finalize_response(  # type: ignore[override]  # the stubs know of no other response
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Render what is tagged at once: the tag stands for every byte of it."""
        final: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        if self.action != "retrieve" or not isinstance(final, Response):
            return final
        tag = weak_tag(request, final.render().content.decode())
        final["ETag"] = tag
        return not_modified(request, tag) or final
