"""What a token tells about its holder, as resources that need no id in the URL."""

from abc import abstractmethod
from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.views import APIView

from imports_app.api.authentication import BearerAuthentication, client_of
from imports_app.api.conditions import tagged
from imports_app.api.parameters import fields_parameter, refuse_unknown, requested_fields
from imports_app.models import ApiClient


class SingletonView(APIView):
    """One resource of `resource_type`; any valid token may read it, whatever its scopes."""

    resource_type: ClassVar[str]

    authentication_classes = (BearerAuthentication,)
    permission_classes = ()
    resource_name = False  # the renderer leaves the document as it is

    def get(self, request: Request) -> HttpResponse:
        refuse_unknown(request.query_params, [fields_parameter(self.resource_type)])
        client = client_of(request)
        wanted = requested_fields(request, self.resource_type)
        attributes = {
            name: value
            for name, value in self.attributes(client).items()
            if wanted is None or name in wanted
        }
        resource = {
            "type": self.resource_type,
            "id": self.resource_id(client),
            "attributes": attributes,
            "meta": {"mode": client.mode},
        }
        return tagged(request, {"data": resource})

    @abstractmethod
    def resource_id(self, client: ApiClient) -> str:
        """The id that the document says."""

    @abstractmethod
    def attributes(self, client: ApiClient) -> dict[str, Any]:
        """All of them, asked for or not."""
