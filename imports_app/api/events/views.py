"""`/api/events` and `/api/imports/<id>/events`: what happened to imports."""

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from imports_app.api.events.events import TYPE, EventSerializer
from imports_app.api.filters import FilterAttribute
from imports_app.api.lookup import import_or_404, visible_events, visible_imports
from imports_app.api.relations import RelatedViewSet
from imports_app.models import Event, Import
from imports_app.models.ids import parse_id
from imports_app.models.scopes import Scope


class EventViewSet(RelatedViewSet):
    """The events of the imports that the client sees, or saw while they were there."""

    resource_name = TYPE
    serializer_class = EventSerializer
    filter_attributes = {
        "id": FilterAttribute.of(Event, "pk"),
        "name": FilterAttribute.of(Event, "name"),
        "created_at": FilterAttribute.of(Event, "created_at"),
        "updated_at": FilterAttribute.of(Event, "updated_at"),
    }
    required_scopes = {"GET": Scope.READ}

    def of_import(self, request: Request, import_id: str) -> Response:
        """Return a page of the events of one import, which may be gone by now."""
        if not self.get_queryset().exists():
            import_or_404(visible_imports(request).only("pk"), import_id)
        return self.list(request)

    def get_queryset(self) -> QuerySet[Event]:
        """Return those that the client may see; of the import that the URL names, if it does."""
        events = visible_events(self.request).defer("payload")
        if "import_id" not in self.kwargs:
            return events
        return events.filter(bulk_import=parse_id(Import._meta.pk, self.kwargs["import_id"]))
