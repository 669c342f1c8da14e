"""`GET /api/organization`: the organization that a client belongs to."""

from dataclasses import dataclass

from rest_framework.fields import CharField

from imports_app.api.single_resources import SingletonSerializer, SingletonViewSet
from imports_app.conf import conf

TYPE = "organizations"


@dataclass(frozen=True)
class Organization:
    """The organization whose installation this is, as in the tokens."""

    id: str
    slug: str
    domain: str


class OrganizationSerializer(SingletonSerializer):
    """Shows the organization; its slug is its name, too."""

    id = CharField()
    name = CharField(source="slug")
    slug = CharField()
    domain = CharField()

    class Meta:
        resource_name = TYPE


class OrganizationViewSet(SingletonViewSet):
    """The only organization. Commerce Layer's command line asks for it at login."""

    resource_type = TYPE
    serializer_class = OrganizationSerializer

    def get_object(self) -> Organization:
        """Return the organization that the settings name."""
        slug = conf.organization_slug
        return Organization(str(conf.organization_id), slug, f"{slug}.{conf.auth_domain}")
