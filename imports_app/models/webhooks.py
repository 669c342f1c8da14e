"""Who wants to be told of events, and what came of telling them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from imports_app.models.base import Mode, ModeModel, TimedVersion
from imports_app.models.events import Event, Topic
from imports_app.models.ids import uuid7

MAX_URL = 2_000  # characters


class Webhook(TimedVersion, ModeModel):
    """A URL that is called when something happens to imports of its mode.

    Its secret is stored sealed. Tries that fail in a row, over all that it is told, are counted;
    when there are too many the circuit opens, and nothing is sent until somebody resets it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # The key of the caller whose it is; nobody's where staff made it.
    caller = models.CharField(max_length=255, null=True, blank=True)
    name = models.CharField(max_length=255, null=True, blank=True)
    topic = models.CharField(max_length=17, choices=Topic)
    callback_url = models.CharField(max_length=MAX_URL)
    include_resources = models.JSONField(default=list, blank=True)
    sealed_secret = models.BinaryField(editable=False)
    disabled_at = models.DateTimeField(null=True, blank=True, editable=False)
    circuit_failure_count = models.PositiveIntegerField(default=0, editable=False)
    circuit_opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = [
            models.Index(fields=["mode", "-created_at", "-id"], name="webhook_list"),
            models.Index(fields=["mode", "topic"], name="webhook_topic"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="webhook_mode_is_known"),
            models.CheckConstraint(
                condition=Q(topic__in=Topic.values), name="webhook_topic_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.topic} {self.callback_url}"

    @property
    def circuit_state(self) -> str:
        """`open` while nothing is sent because too much has failed."""
        return "open" if self.circuit_opened_at else "closed"

    @property
    def is_off(self) -> bool:
        """Whether nothing is sent at the moment, to whomever."""
        return bool(self.disabled_at or self.circuit_opened_at)


class CallbackStatus(models.TextChoices):
    """How far a callback is."""

    PENDING = "pending"  # to be tried, now or later
    SENT = "sent"  # the receiver took it
    FAILED = "failed"  # given up, after all tries
    NOT_SENT = "not_sent"  # the webhook was disabled, or its circuit open


class EventCallback(ModeModel):
    """An event on its way to a webhook: the row of the outbox, and the record of what came of it.

    A process that sends it holds a lease. All tries carry the callback's id, so that a receiver
    knows a repetition.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="callbacks")
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="callbacks")
    # Of the event, for the order in which one receiver is told of one import.
    import_id = models.UUIDField()
    rank = models.PositiveSmallIntegerField()
    callback_url = models.CharField(max_length=MAX_URL)
    # What is sent, where it is more than the event's own.
    body = models.TextField(null=True)
    status = models.CharField(max_length=8, choices=CallbackStatus, default=CallbackStatus.PENDING)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    tried_at = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    lease_expires_at = models.DateTimeField(null=True)
    response_code = models.CharField(max_length=3, null=True)
    response_message = models.TextField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar["models.Manager[EventCallback]"]

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = [
            models.Index(fields=["mode", "-created_at", "-id"], name="event_callback_list"),
            models.Index(
                fields=["webhook", "-created_at", "-id"], name="event_callback_of_webhook"
            ),
            # Whoever sends looks at these only, however many are done.
            models.Index(
                fields=["due_at"], condition=Q(status="pending"), name="event_callback_due"
            ),
            models.Index(
                fields=["import_id", "rank"],
                condition=Q(status="pending", tried_at=None),
                name="event_callback_untried",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(mode__in=Mode.values), name="event_callback_mode_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=CallbackStatus.values), name="event_callback_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(lease_token=None, lease_expires_at=None)
                | Q(status="pending", lease_token__isnull=False, lease_expires_at__isnull=False),
                name="event_callback_lease_only_pending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.callback_url}"

    @property
    def payload(self) -> str:
        """What is sent, as JSON."""
        return self.event.payload if self.body is None else self.body
