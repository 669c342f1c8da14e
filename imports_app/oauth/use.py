"""Notes when a client was last used, after its answer is out: no request waits for the write."""

import logging
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from django.core.signals import request_finished
from django.db import DatabaseError
from django.db.models import Q
from django.dispatch import receiver
from django.utils import timezone

from imports_app.database import connection
from imports_app.oauth.models import ApiClient

# Requests are many, and reading must not mean writing.
USE_INTERVAL = timedelta(minutes=1)

logger = logging.getLogger(__name__)

_used: ContextVar[int | None] = ContextVar("used_client", default=None)


def note_use(client: ApiClient) -> None:
    """Note that the client was used; in most cases that is known well enough already."""
    _used.set(client.pk if is_used_again(client) else None)


def is_used_again(client: ApiClient) -> bool:
    """Return whether a use at this moment is worth a note."""
    return client.last_used_at is None or timezone.now() - client.last_used_at >= USE_INTERVAL


@receiver(request_finished, dispatch_uid="client_use")
def write_down(**_: Any) -> None:
    """Once the answer is sent. A database that is busy or away only leaves the note out."""
    pk = _used.get()
    if pk is None:
        return
    _used.set(None)
    was_closed = connection.connection is None  # Django's own receiver came first
    try:
        write_use(pk)
    except DatabaseError:
        logger.debug("The last use of client %s was not recorded.", pk)
    finally:
        if was_closed:
            connection.close()


def write_use(pk: int) -> None:
    """Write that it was used now. Of processes that do so at the same time one writes it down."""
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_INTERVAL)
    ApiClient.objects.filter(stale, pk=pk).update(last_used_at=now)
