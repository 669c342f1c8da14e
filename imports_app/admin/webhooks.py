"""Staff pages of webhooks and callbacks."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from imports_app.admin.audit import StaffAction, record
from imports_app.admin.base import StaffAdmin
from imports_app.admin.callers import NamesCallers
from imports_app.admin.frame import action, label
from imports_app.events.webhooks import (
    DISABLE,
    ENABLE,
    RESET,
    change_webhook,
    send_again,
    silent,
)
from imports_app.models import CallbackStatus, EventCallback, Webhook

COLOURS = {
    CallbackStatus.PENDING: "info",
    CallbackStatus.SENT: "success",
    CallbackStatus.FAILED: "danger",
    CallbackStatus.NOT_SENT: "warning",
}


ASKED = {
    DISABLE: ("Disable {}?", "Events are still recorded, but will not be sent later."),
    ENABLE: ("Enable {}?", "Events are sent to it from now on."),
    RESET: ("Reset the circuit of {}?", "Events are sent to it from now on."),
}
DONE = {
    DISABLE: "It is disabled.",
    ENABLE: "It is enabled.",
    RESET: "Its circuit is closed.",
}


class ReadOnlyAdmin(StaffAdmin):
    """Pages of what clients and senders make. Staff look at it, and act on it with buttons."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return every field that is shown."""
        return tuple(self.fields or ())

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: nothing can be added here."""
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Return the page without buttons to save."""
        hidden = ("show_save", "show_save_and_continue", "show_save_and_add_another")
        context |= dict.fromkeys(hidden, False)
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response


@admin.register(Webhook)
class WebhookAdmin(NamesCallers, ReadOnlyAdmin):
    """Webhooks. No page shows their secrets, which only clients need."""

    list_display = ("__str__", "mode", "topic", "state", "failures", "client", "created_at")
    list_filter = ("topic", "mode", ("circuit_opened_at", admin.EmptyFieldListFilter))
    search_fields = ("id__startswith", "name", "callback_url")
    fields = (
        *("name", "topic", "callback_url", "include_resources", "mode", "client", "state"),
        *("failures", "disabled_at", "created_at", "updated_at", "callbacks"),
    )
    actions_detail = ("disable", "enable", "reset_circuit")

    @admin.display(description="state")
    def state(self, webhook: Webhook) -> SafeString:
        """Return whether events are sent to the webhook."""
        if webhook.disabled_at:
            return label("Disabled", "warning")
        if webhook.circuit_opened_at:
            return label("Circuit open", "danger")
        return (
            label("Client revoked", "warning") if silent([webhook]) else label("Active", "success")
        )

    @admin.display(description="failures in a row", ordering="circuit_failure_count")
    def failures(self, webhook: Webhook) -> int:
        """Return how many tries have failed since the last success."""
        return webhook.circuit_failure_count

    @admin.display(description="callbacks")
    def callbacks(self, webhook: Webhook) -> SafeString:
        """Return a link to the webhook's callbacks."""
        address = reverse(f"{self.admin_site.name}:imports_app_eventcallback_changelist")
        return format_html('<a href="{}?webhook__id__exact={}">Show them</a>', address, webhook.pk)

    @action(description="Disable", permissions=["change"])  # type: ignore[untyped-decorator]
    def disable(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Disable the webhook: nothing is sent to it any more."""
        return self._pulled(request, object_id, DISABLE, StaffAction.DISABLED)

    @action(description="Enable", permissions=["change"])  # type: ignore[untyped-decorator]
    def enable(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Enable the webhook again."""
        return self._pulled(request, object_id, ENABLE, StaffAction.ENABLED)

    @action(description="Reset circuit", permissions=["change"])  # type: ignore[untyped-decorator]
    def reset_circuit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Close the circuit, so that events are sent again after many failures."""
        return self._pulled(request, object_id, RESET, StaffAction.RESET)

    def _pulled(
        self, request: HttpRequest, object_id: str, trigger: str, staff_action: StaffAction
    ) -> HttpResponse:
        webhook = self.found(request, object_id)

        def pull() -> HttpResponse:
            pulled: dict[str, Any] = {trigger: True}
            change_webhook(webhook, **pulled)
            record(request, webhook, staff_action)
            return self.back_with(request, webhook, DONE[trigger])

        title, question = ASKED[trigger]
        texts = {"title": title.format(webhook), "question": question, "variant": "primary"}
        return self.confirmed(request, webhook, pull, button=title.partition(" {}")[0], **texts)


@admin.register(EventCallback)
class EventCallbackAdmin(ReadOnlyAdmin):
    """Callbacks: what was or will be sent to webhooks, with the answers."""

    list_display = (
        "topic",
        "mode",
        "badge",
        "tries",
        "response_code",
        "callback_url",
        "created_at",
    )
    list_filter = ("status", "event__name", "mode")
    list_select_related = ("event",)
    search_fields = ("id__startswith", "import_id__startswith", "callback_url")
    fields = (
        *("topic", "webhook", "import_id", "callback_url", "mode", "badge", "tries"),
        *("due_at", "tried_at", "response_code", "response_message", "created_at", "shown_payload"),
    )
    actions_detail = ("send_again",)

    @admin.display(description="topic", ordering="event__name")
    def topic(self, callback: EventCallback) -> str:
        """Return the event's topic."""
        return callback.event.name

    @admin.display(description="status", ordering="status")
    def badge(self, callback: EventCallback) -> SafeString:
        """Return the callback's status."""
        status = CallbackStatus(callback.status)
        return label(str(status.label), COLOURS[status])

    @admin.display(description="payload")
    def shown_payload(self, callback: EventCallback) -> SafeString:
        """Return the payload in readable form."""
        text = json.dumps(json.loads(callback.payload), indent=2, ensure_ascii=False)
        return format_html("<pre>{}</pre>", text)

    def get_queryset(self, request: HttpRequest) -> QuerySet[EventCallback]:
        """Return the callbacks, with their events."""
        callbacks: QuerySet[EventCallback] = super().get_queryset(request)
        return callbacks.select_related("event", "webhook")

    @action(description="Send again", permissions=["change"])  # type: ignore[untyped-decorator]
    def send_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask first, then send the payload again, as a new callback."""
        callback = self.found(request, object_id)

        def send() -> HttpResponse:
            again = send_again(callback)
            record(request, again, StaffAction.SENT_AGAIN)
            return self.back_with(request, again, "It is on its way.", level=messages.INFO)

        return self.confirmed(
            request,
            callback,
            send,
            title=f"Send it to {callback.callback_url} again?",
            question="The receiver gets it under a new id, as if the event had happened again.",
            button="Send again",
            variant="primary",
        )
