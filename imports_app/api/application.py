"""`GET /api/application`: what a client can learn about itself."""

from rest_framework.fields import CharField, SerializerMethodField

from imports_app.api.response_fields import ConstantField
from imports_app.api.single_resources import SingletonSerializer, SingletonViewSet
from imports_app.callers import Caller
from imports_app.models.choices import Scope

TYPE = "applications"


class ApplicationSerializer(SingletonSerializer):
    """Shows the members of the object that Commerce Layer publishes, even those that mean nothing
    here: clients expect them.
    """

    id = CharField(source="key")
    name = CharField()
    kind = ConstantField("integration")
    public_access = ConstantField(value=False)
    redirect_uri = ConstantField(None)
    scopes = SerializerMethodField()

    class Meta:
        resource_name = TYPE

    def get_scopes(self, caller: Caller) -> str:
        """Return all scopes of the caller, even if this request was given fewer."""
        return " ".join(scope for scope in Scope.values if scope in caller.scopes)


class ApplicationViewSet(SingletonViewSet):
    """The client that sends the request. Command-line clients ask for it before anything else."""

    resource_type = TYPE
    serializer_class = ApplicationSerializer

    def get_object(self) -> Caller:
        """Return the caller."""
        return self.caller
