"""`Idempotency-Key`: a request that is sent again creates no second import."""

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar

from django.conf import settings
from django.utils.crypto import salted_hmac
from rest_framework.request import Request

from imports_app.api.documents import Document
from imports_app.api.errors import ApiError, standard_error
from imports_app.api.lookup import visible_imports
from imports_app.callers import Caller
from imports_app.exceptions import KeyTaken, LockTimeout
from imports_app.models import Import
from imports_app.queue.idempotency import IdempotencyKey

HEADER = "Idempotency-Key"
REPLAYED = {"Idempotency-Replayed": "true"}
MAX_LENGTH = 255
KEY = re.compile(rf"[^\x00-\x1f\x7f]{{1,{MAX_LENGTH}}}")

Answer = TypeVar("Answer")


def idempotency_key(
    request: Request, *, of: str = "", body: Callable[[], str] | None = None
) -> IdempotencyKey | None:
    """Return the request's idempotency key, if it has one.

    `of` distinguishes requests that can have equal bodies. `body` returns the hash of a body that
    isn't a document. Raises a 400 for an invalid key.
    """
    text = request.headers.get(HEADER)
    if text is None:
        return None
    if not KEY.fullmatch(text):
        raise standard_error(400, f"{HEADER} - must have 1 to {MAX_LENGTH} printable characters")
    hashed = body() if body else _fingerprint(request.data)
    content = f"{of} {hashed}" if of else hashed
    earlier = tuple(_keyed(content, secret) for secret in settings.SECRET_KEY_FALLBACKS)
    return IdempotencyKey(
        key=text, fingerprint=_keyed(content, settings.SECRET_KEY), earlier=earlier
    )


def _fingerprint(document: Any) -> str:
    return document.fingerprint if isinstance(document, Document) else sha256().hexdigest()


def _keyed(content: str, secret: str | bytes) -> str:
    """Return a keyed hash: the plain hash of a short body would give its content away."""
    keyed = salted_hmac("imports_app.queue.idempotency", content, secret=secret, algorithm="sha256")
    return keyed.hexdigest()


def made_before(caller: Caller, key: IdempotencyKey) -> Import | None:
    """Return the client's import with that key. Raises a 422 if it was made from another body."""
    made = visible_imports(caller).filter(caller=caller.key, idempotency_key=key.key)
    import_ = made.first()
    if import_ is None or import_.fingerprint in (key.fingerprint, *key.earlier):
        return import_
    message = "was used with another body"
    raise ApiError(
        422,
        "VALIDATION_ERROR",
        message,
        detail=f"{HEADER} - {message}",
        meta={"error": "taken", "value": key.key},
    )


def once(
    caller: Caller,
    key: IdempotencyKey | None,
    make: Callable[[], Answer],
    replay: Callable[[Import], Answer],
) -> Answer:
    """Return the answer of `make`, or of `replay` if an equal request created an import before.

    Raises a 409 if an equal request is still under way.
    """
    if key is None:
        return make()
    if import_ := made_before(caller, key):
        return replay(import_)
    try:
        return make()
    except (KeyTaken, LockTimeout):
        if import_ := made_before(caller, key):
            return replay(import_)
        detail = "A request with this Idempotency-Key is under way: send this one again."
        raise standard_error(409, detail) from None
