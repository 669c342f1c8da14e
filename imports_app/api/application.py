"""`GET /api/application`: what a client can learn about itself."""

from typing import Any

from imports_app.api.singletons import SingletonView
from imports_app.models import ApiClient


class ApplicationView(SingletonView):
    """The client whose token this is. Command-line clients ask before everything else they do.

    The members are those of the object that such clients know from elsewhere, so the ones that
    mean nothing here are there too.
    """

    resource_type = "applications"

    def resource_id(self, client: ApiClient) -> str:
        return client.client_id

    def attributes(self, client: ApiClient) -> dict[str, Any]:
        return {
            "name": client.name,
            "kind": "integration",
            "public_access": False,
            "redirect_uri": None,
            "scopes": client.scopes,
        }
