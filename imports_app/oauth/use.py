"""Notes when a client was last used, after its answer is out: no request waits for the write."""

import logging
from contextvars import ContextVar
from typing import Any

from django.core.signals import request_finished
from django.db import DatabaseError
from django.dispatch import receiver

from imports_app.database import connection
from imports_app.oauth.models import ApiClient

logger = logging.getLogger(__name__)

_used: ContextVar[int | None] = ContextVar("used_client", default=None)


def note_use(client: ApiClient) -> None:
    """Note that the client was used; in most cases that is known well enough already."""
    _used.set(client.pk if client.is_used_again() else None)


@receiver(request_finished, dispatch_uid="client_use")
def write_down(**_: Any) -> None:
    """Once the answer is sent. A database that is busy or away only leaves the note out."""
    pk = _used.get()
    if pk is None:
        return
    _used.set(None)
    was_closed = connection.connection is None  # Django's own receiver came first
    try:
        ApiClient.note_use(pk)
    except DatabaseError:
        logger.debug("The last use of client %s was not recorded.", pk)
    finally:
        if was_closed:
            connection.close()
