"""`GET /api/application`: what a client can learn about itself."""

from rest_framework.fields import CharField

from imports_app.api.authentication import client_of
from imports_app.api.shown import ConstantField
from imports_app.api.singletons import SingletonSerializer, SingletonViewSet
from imports_app.models import ApiClient

TYPE = "applications"


class ApplicationSerializer(SingletonSerializer):
    """The members are those of the object that clients know from elsewhere, so the ones that mean
    nothing here are there too.
    """

    id = CharField(source="client_id")
    name = CharField()
    kind = ConstantField("integration")
    public_access = ConstantField(value=False)
    redirect_uri = ConstantField(None)
    scopes = CharField()

    class Meta:
        resource_name = TYPE


class ApplicationViewSet(SingletonViewSet):
    """The client whose token this is. Command-line clients ask before everything else they do."""

    resource_type = TYPE
    serializer_class = ApplicationSerializer

    def get_object(self) -> ApiClient:
        """Return the client that asks."""
        return client_of(self.request)
