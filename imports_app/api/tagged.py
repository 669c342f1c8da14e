"""Single resources with an entity tag, which is made of the whole answer."""

from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from imports_app.api.conditions import not_modified, weak_tag
from imports_app.api.own_view import OwnView


class TaggedViewSet(OwnView, GenericViewSet[Any]):
    """Tags each answer with a single resource; a client that has it already gets a 304.

    Attributes:
        tagged: the actions that give such an answer.
        version: the resource's version, if it can be changed.
    """

    tagged: ClassVar[tuple[str, ...]] = ("retrieve",)
    version = 0

    def finalize_response(  # type: ignore[override]  # the stubs know of no other response
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Render a tagged answer at once, because the tag stands for every byte of it."""
        final: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        if self.action not in self.tagged or not isinstance(final, Response):
            return final
        tag = weak_tag(request, final.render().content.decode(), version=self.version)
        final["ETag"] = tag
        return not_modified(request, tag) or final
