"""Secrets of webhooks, and the signatures by which receivers verify callbacks.

Each callback has two: that of the reference API, and that of Standard Webhooks, with the same
characters of one secret as the key.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from secrets import token_hex
from time import time

from imports_app.models import EventCallback, Webhook
from imports_app.storage.seal import Seal

SECRET_BYTES = 16  # 32 hexadecimal characters
MEDIA_TYPE = "application/vnd.api+json"
USER_AGENT = "imports-api"


def give_secret(webhook: Webhook) -> None:
    """Give the webhook a new secret, and seal it."""
    webhook.sealed_secret = Seal(webhook.pk).close(0, token_hex(SECRET_BYTES).encode())


def secret_of(webhook: Webhook) -> str:
    """Return the 32 characters. Raises SealBroken if they were sealed with a key that is gone."""
    return Seal(webhook.pk).open(0, bytes(webhook.sealed_secret)).decode()


def headers_of(callback: EventCallback, body: bytes) -> Mapping[str, str]:
    """Return the headers of a try; the id is that of all tries, the time that of this one."""
    key = secret_of(callback.webhook).encode()
    id_, timestamp = str(callback.pk), str(int(time()))
    return {
        "Content-Type": MEDIA_TYPE,
        "User-Agent": USER_AGENT,
        "Accept-Encoding": "identity",
        "X-CommerceLayer-Topic": callback.webhook.topic,
        "X-CommerceLayer-Signature": _signed(key, body),
        "webhook-id": id_,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{_signed(key, f'{id_}.{timestamp}.'.encode() + body)}",
    }


def _signed(key: bytes, text: bytes) -> str:
    return b64encode(hmac.digest(key, text, sha256)).decode()
