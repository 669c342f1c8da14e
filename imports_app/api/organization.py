"""`GET /api/organization`: whom a client belongs to."""

from typing import Any

from imports_app.api.singletons import SingletonView
from imports_app.conf import conf
from imports_app.models import ApiClient


class OrganizationView(SingletonView):
    """The one organization there is, as the tokens name it. The command line's login asks."""

    resource_type = "organizations"

    def resource_id(self, client: ApiClient) -> str:
        return str(conf.organization_id)

    def attributes(self, client: ApiClient) -> dict[str, Any]:
        slug = conf.organization_slug
        return {"name": slug, "slug": slug, "domain": f"{slug}.{conf.auth_domain}"}
