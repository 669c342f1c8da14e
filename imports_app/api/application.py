"""`GET /api/application`: what a client can learn about itself."""

from rest_framework.fields import CharField, SerializerMethodField

from imports_app.api.shown import ConstantField
from imports_app.api.singletons import SingletonSerializer, SingletonViewSet
from imports_app.callers import Caller
from imports_app.models.scopes import Scope

TYPE = "applications"


class ApplicationSerializer(SingletonSerializer):
    """The members are those of the object that clients know from elsewhere, so the ones that mean
    nothing here are there too.
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
        """Return all that it may do, whatever this request was given."""
        return " ".join(scope for scope in Scope.values if scope in caller.scopes)


class ApplicationViewSet(SingletonViewSet):
    """Whoever sends this request. Command-line clients ask before everything else they do."""

    resource_type = TYPE
    serializer_class = ApplicationSerializer

    def get_object(self) -> Caller:
        """Return who asks."""
        return self.caller
