"""The event as a resource object."""

from rest_framework.fields import CharField, ReadOnlyField

from imports_app.api.relations import RelatedSerializer
from imports_app.api.shown import UtcDateTimeField

TYPE = "events"


class EventSerializer(RelatedSerializer):
    """Shows an event: what happened, and when."""

    id = CharField()
    name = ReadOnlyField()
    created_at = UtcDateTimeField()
    updated_at = UtcDateTimeField()

    related = {}

    class Meta:
        resource_name = TYPE
