"""Record what staff do, when and to which object; each object's history shows it."""

from typing import cast

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import models
from django.http import HttpRequest


class StaffAction(models.TextChoices):
    """How an entry begins. Django itself records what its own pages do: changes to a client, and
    deletions.
    """

    CREATED = "Created"
    DRY_RUN = "Dry run"
    INTERRUPTED = "Asked to interrupt"
    RETRIED = "Retried"
    TOOK_FAILURES = "Downloaded the failed rows"
    TOOK_INPUTS = "Downloaded the inputs"
    TOOK_CHANGES = "Downloaded the changes"
    ASKED = "Asked for approval"
    APPROVED = "Approved"
    DECLINED = "Declined"
    WITHDREW = "Withdrew the request"
    RENEWED = "Renewed the secret"
    REVOKED = "Revoked"
    DISABLED = "Disabled"
    ENABLED = "Enabled"
    RESET = "Reset the circuit"
    SENT_AGAIN = "Sent again"


ADDITIONS = (StaffAction.CREATED, StaffAction.DRY_RUN, StaffAction.SENT_AGAIN)


def record(
    request: HttpRequest, obj: models.Model, staff_action: StaffAction, details: str = ""
) -> None:
    """Add an entry; called when the action is done, in its transaction if it has one.

    The details must hold neither a row nor a secret: entries outlive both.
    """
    LogEntry.objects.log_actions(
        user_id=staff(request).pk,
        queryset=[obj],
        action_flag=ADDITION if staff_action in ADDITIONS else CHANGE,
        change_message=f"{staff_action.value} {details}".rstrip() + ".",
        single_object=True,
    )


def staff(request: HttpRequest) -> User:
    """Return the request's user, who has signed in: nobody else sees staff pages."""
    return cast("User", request.user)
