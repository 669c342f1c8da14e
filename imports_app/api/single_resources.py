"""Resources with a URL of their own, tagged by their answer; of some a client has only one."""

from abc import abstractmethod
from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from imports_app.api.base_view import BaseView
from imports_app.api.conditions import not_modified, weak_tag
from imports_app.api.parameters import fields_parameter, refuse_unknown
from imports_app.api.resources import ResourceSerializer


class TaggedViewSet(BaseView, GenericViewSet[Any]):
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


class SingletonSerializer(ResourceSerializer):
    """A resource without relationships: its object has no such member."""

    def resource_relationships(self, instance: Any) -> None:
        """Return None: there is no such member."""


class SingletonViewSet(TaggedViewSet):
    """The one resource of `resource_type`; any valid token may read it, whatever its scopes."""

    resource_type: ClassVar[str]

    permission_classes = ()

    def retrieve(self, request: Request) -> Response:
        """Return the resource."""
        refuse_unknown(request.query_params, [fields_parameter(self.resource_type)])
        return Response(self.get_serializer(self.get_object()).data)

    @abstractmethod
    def get_object(self) -> Any:
        """Return the object that the serializer shows."""
