"""Decides who may send a large body, before more than a little of it is kept."""

from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, close_old_connections
from django.urls import Resolver404, resolve

from imports_app.admin.uploads import may_upload
from imports_app.api.senders import may_send
from imports_app.conf import conf

STRANGERS = 1024 * 1024  # bytes that anybody may send, signed in or not

Environ = dict[str, Any]


class Gate:
    """Decides in a thread, because the decision may need the database."""

    def __init__(self, in_turn: Callable[..., Awaitable[int]]) -> None:
        self._in_turn = in_turn

    async def allowed(self, environ: Environ) -> int:
        """Return how many bytes the request's body may have."""
        return await self._in_turn(environ, allowed, environ)


def allowed(environ: Environ) -> int:
    """Return how many bytes the request's body may have; in doubt STRANGERS. May block."""
    request = WSGIRequest({**environ, "CONTENT_LENGTH": "0", "wsgi.input": BytesIO()})
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return STRANGERS
    close_old_connections()
    try:
        if may_upload(request, match):
            return conf.max_request_bytes
        return may_send(request, match) or STRANGERS
    except DatabaseError:
        return STRANGERS  # the application will fail in the same way, and answer with the reason
    finally:
        close_old_connections()
