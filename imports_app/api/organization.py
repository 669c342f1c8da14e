"""`GET /api/organization`: whom a client belongs to."""

from dataclasses import dataclass

from rest_framework.fields import CharField

from imports_app.api.singletons import SingletonSerializer, SingletonViewSet
from imports_app.conf import conf

TYPE = "organizations"


@dataclass(frozen=True)
class Organization:
    """Whose installation this is, as the tokens name it."""

    id: str
    slug: str
    domain: str


class OrganizationSerializer(SingletonSerializer):
    """Its slug is its name, too."""

    id = CharField()
    name = CharField(source="slug")
    slug = CharField()
    domain = CharField()

    class Meta:
        resource_name = TYPE


class OrganizationViewSet(SingletonViewSet):
    """The one organization there is. The command line's login asks."""

    resource_type = TYPE
    serializer_class = OrganizationSerializer

    def get_object(self) -> Organization:
        """By the settings."""
        slug = conf.organization_slug
        return Organization(str(conf.organization_id), slug, f"{slug}.{conf.auth_domain}")
