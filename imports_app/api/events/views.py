"""`/api/events`, `/api/webhooks`, `/api/event_callbacks` and the paths below them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from imports_app.api.conditions import expected_versions, precondition_failed
from imports_app.api.events.callbacks import TYPE as CALLBACKS
from imports_app.api.events.callbacks import WEBHOOK, EventCallbackSerializer
from imports_app.api.events.events import TYPE as EVENTS
from imports_app.api.events.events import EventSerializer, is_triggered
from imports_app.api.events.webhooks import (
    LAST_CALLBACKS,
    WebhookSerializer,
    changes_of,
    new_webhook,
)
from imports_app.api.events.webhooks import TYPE as WEBHOOKS
from imports_app.api.filters import FilterAttribute
from imports_app.api.lookup import (
    import_or_404,
    visible_callbacks,
    visible_events,
    visible_imports,
    visible_webhooks,
)
from imports_app.api.permissions import require_scope
from imports_app.api.relations import RelatedViewSet
from imports_app.events.webhooks import (
    change_webhook,
    check_version,
    create_webhook,
    delete_webhook,
    fire_again,
)
from imports_app.exceptions import VersionChanged
from imports_app.models import Event, EventCallback, Import, Webhook
from imports_app.models.choices import Scope
from imports_app.models.ids import parse_id

MAX_INCLUDED = 10  # callbacks of one webhook or event


@contextmanager
def held_to_version() -> Iterator[None]:
    """Turn a change in the meantime into a 412, and a deletion into a 404."""
    try:
        yield
    except VersionChanged as reason:
        raise precondition_failed(reason) from None
    except (Event.DoesNotExist, Webhook.DoesNotExist):  # deleted in the meantime
        raise Http404 from None


def last_callbacks() -> "Prefetch[Any]":
    """Return the prefetch of each webhook's or event's latest callbacks, in one query."""
    latest = EventCallback.objects.select_related("event").order_by("-created_at", "-pk")
    return Prefetch("callbacks", latest[:MAX_INCLUDED], to_attr=LAST_CALLBACKS)


def filters(model: Any, *names: str, **paths: str) -> dict[str, FilterAttribute]:
    """Return the filter attributes of these names, and those with other ORM `paths`."""
    found = {"id": "pk", **{name: name for name in names}, **paths}
    return {name: FilterAttribute.of(model, path) for name, path in found.items()}


class EventViewSet(RelatedViewSet):
    """The events of the imports that the client sees, or saw before they were deleted."""

    resource_name = EVENTS
    serializer_class = EventSerializer
    relations = (WEBHOOKS, LAST_CALLBACKS)
    listings = ("list", "of_import")
    filter_attributes = filters(Event, "name", "created_at", "updated_at")
    required_scopes = {"GET": Scope.READ, "PATCH": Scope.WRITE}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let only clients that may have webhooks include them or their callbacks."""
        super().initial(request, *args, **kwargs)
        if self.included:
            require_scope(request, Scope.WRITE)

    def of_import(self, request: Request, import_id: str) -> Response:
        """Return a page of the events of one import, which may have been deleted."""
        if not self.get_queryset().exists():
            import_or_404(visible_imports(self.caller).only("pk"), import_id)
        return self.list(request)

    def partial_update(self, request: Request, pk: str) -> Response:
        """Fire the event again, if that is asked for."""
        event = self.get_object()
        wants_more = is_triggered(request, pk)
        with held_to_version():
            if wants_more:
                fire_again(event, versions=expected_versions(request))
            else:
                check_version(event, expected_versions(request))
        return Response(self.get_serializer(event).data)

    def get_serializer(self, *args: Any, **options: Any) -> Any:
        """Fetch the webhooks if they are included, in one query for all events shown."""
        if args and WEBHOOKS in self.included:
            events = args[0] if options.get("many") else [args[0]]
            webhooks = list(visible_webhooks(self.caller))
            for event in events:
                event.webhooks = [each for each in webhooks if each.topic == event.name]
        return super().get_serializer(*args, **options)

    def get_queryset(self) -> QuerySet[Event]:
        """Return the events that the client sees, only those of one import if the URL names it."""
        events = visible_events(self.caller).defer("payload")
        if LAST_CALLBACKS in self.included:
            events = events.prefetch_related(last_callbacks())
        if "import_id" not in self.kwargs:
            return events
        return events.filter(bulk_import=parse_id(Import._meta.pk, self.kwargs["import_id"]))


class WebhookViewSet(RelatedViewSet):
    """The webhooks of the client's mode, or those with the topic of the event in the URL."""

    resource_name = WEBHOOKS
    serializer_class = WebhookSerializer
    relations = (LAST_CALLBACKS,)
    tagged = ("retrieve", "of_callback")
    filter_attributes = filters(
        Webhook,
        *("name", "topic", "callback_url", "disabled_at", "circuit_failure_count"),
        *("created_at", "updated_at"),
    )
    required_scopes = dict.fromkeys(("GET", "POST", "PATCH", "DELETE"), Scope.WRITE)

    def create(self, request: Request) -> Response:
        """Create a webhook."""
        caller = self.caller
        webhook = create_webhook(mode=caller.mode, caller=caller.key, **new_webhook(request))
        serializer: Any = self.get_serializer(webhook)
        location = serializer.resource_links(webhook)["self"]
        return Response(serializer.data, 201, headers={"Location": location})

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a webhook, disable or enable it, or close its circuit."""
        webhook = self.get_object()
        with held_to_version():
            versions = expected_versions(request)
            change_webhook(webhook, versions=versions, **changes_of(request, pk))
        return Response(self.get_serializer(webhook).data)

    def of_callback(self, request: Request, callback_id: str) -> Response:
        """Return the webhook that a callback goes to."""
        callback = named_in_url(visible_callbacks(self.caller), callback_id)
        webhook = self.get_queryset().get(pk=callback.webhook_id)
        self.version = webhook.version
        return Response(self.get_serializer(webhook).data)

    def destroy(self, request: Request, pk: str) -> Response:
        """Delete a webhook with its callbacks: nothing more is sent to it."""
        with held_to_version():
            delete_webhook(self.get_object(), versions=expected_versions(request))
        return Response(status=204)

    def get_queryset(self) -> QuerySet[Webhook]:
        """Return the webhooks of the client's mode, or those that get the event in the URL."""
        webhooks = visible_webhooks(self.caller)
        if LAST_CALLBACKS in self.included:
            webhooks = webhooks.prefetch_related(last_callbacks())
        if "event_id" in self.kwargs:
            event = named_in_url(visible_events(self.caller), self.kwargs["event_id"])
            return webhooks.filter(topic=event.name)
        return webhooks


class EventCallbackViewSet(RelatedViewSet):
    """The callbacks that were or will be sent to the webhooks of the client's mode."""

    resource_name = CALLBACKS
    serializer_class = EventCallbackSerializer
    relations = (WEBHOOK,)
    filter_attributes = filters(
        EventCallback,
        *("callback_url", "response_code", "response_message", "status", "tries"),
        *("created_at", "updated_at"),
        webhook_id="webhook",
        event_id="event",
    )
    required_scopes = {"GET": Scope.WRITE}

    def get_queryset(self) -> QuerySet[EventCallback]:
        """Return the callbacks; those of one webhook or event if the URL names it."""
        related = ("event", WEBHOOK) if WEBHOOK in self.included else ("event",)
        callbacks = visible_callbacks(self.caller).select_related(*related)
        if "webhook_id" in self.kwargs:
            webhooks = visible_webhooks(self.caller)
            return callbacks.filter(webhook=named_in_url(webhooks, self.kwargs["webhook_id"]))
        if "event_id" in self.kwargs:
            events = visible_events(self.caller)
            return callbacks.filter(event=named_in_url(events, self.kwargs["event_id"]))
        return callbacks


def named_in_url(resources: QuerySet[Any], pk: str) -> Any:
    """Return the resource with this id, which the URL names. Raise a 404 if there is none."""
    parsed = parse_id(resources.model._meta.pk, pk)
    found = resources.filter(pk=parsed).first() if parsed else None
    if found is None:
        raise Http404
    return found
