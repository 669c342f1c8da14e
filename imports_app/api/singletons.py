"""What a token tells about its holder, as resources that need no id in the URL."""

from abc import abstractmethod
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from imports_app.api.parameters import fields_parameter, refuse_unknown
from imports_app.api.resources import ResourceSerializer
from imports_app.api.tagged import TaggedViewSet


class SingletonSerializer(ResourceSerializer):
    """A resource that is related to none: its object has no such member."""

    def resource_relationships(self, instance: Any) -> None:
        """None at all."""


class SingletonViewSet(TaggedViewSet):
    """One resource of `resource_type`; any valid token may read it, whatever its scopes."""

    resource_type: ClassVar[str]

    permission_classes = ()

    def retrieve(self, request: Request) -> Response:
        """Return the resource."""
        refuse_unknown(request.query_params, [fields_parameter(self.resource_type)])
        return Response(self.get_serializer(self.get_object()).data)

    @abstractmethod
    def get_object(self) -> Any:
        """Return what the serializer shows."""
