"""Record what staff do, when, and to which object. Each object's history shows these entries."""

from typing import cast

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import models
from django.http import HttpRequest


class StaffAction(models.TextChoices):
    """The first words of an entry. Django itself records what its own pages do, which is to change
    clients and to delete.
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
    """Add an entry. Call it when the action is done, in the action's transaction if there is one.

    The details must hold neither a row nor a secret, because entries outlive both.
    """
    LogEntry.objects.log_actions(
        user_id=staff(request).pk,
        queryset=[obj],
        action_flag=ADDITION if staff_action in ADDITIONS else CHANGE,
        change_message=f"{staff_action.value} {details}".rstrip() + ".",
        single_object=True,
    )


def staff(request: HttpRequest) -> User:
    """Return the request's user. Only users who have signed in reach a staff page."""
    return cast("User", request.user)
