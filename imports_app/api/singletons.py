"""Resources of which a client has only one, so that their URLs need no id."""

from abc import abstractmethod
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from imports_app.api.parameters import fields_parameter, refuse_unknown
from imports_app.api.resources import ResourceSerializer
from imports_app.api.tagged import TaggedViewSet


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
