"""`GET /api/application`: what a client can learn about itself."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from imports_app.api.authentication import BearerAuthentication, client_of
from imports_app.api.fieldsets import requested_fields
from imports_app.models import ApiClient


class ApplicationView(APIView):
    """The client whose token this is. Command-line clients ask before everything else they do.

    The members are those of the object that such clients know from elsewhere, so the ones that
    mean nothing here are there too.
    """

    authentication_classes = (BearerAuthentication,)
    permission_classes = ()
    resource_name = False  # the renderer leaves the document as it is

    def get(self, request: Request) -> Response:
        client = client_of(request)
        wanted = requested_fields(request, "applications")
        attributes = {
            name: value
            for name, value in self._attributes(client).items()
            if wanted is None or name in wanted
        }
        resource = {
            "type": "applications",
            "id": client.client_id,
            "attributes": attributes,
            "meta": {"mode": client.mode},
        }
        return Response({"data": resource})

    def _attributes(self, client: ApiClient) -> dict[str, Any]:
        return {
            "name": client.name,
            "kind": "integration",
            "public_access": False,
            "redirect_uri": None,
            "scopes": client.scopes,
        }
