"""Seal texts for the database: nobody can read or change them without the service's secret key."""

import os
from collections.abc import Iterator
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.crypto import salted_hmac

from imports_app.exceptions import SealBroken

PURPOSE = "imports_app.storage.seal"
NONCE = 12  # bytes, as AES-GCM wants it


class Seal:
    """Seals the rows of one import, with AES-256-GCM and a key of the import's own.

    What was sealed under an earlier SECRET_KEY opens as long as that one is among the
    SECRET_KEY_FALLBACKS. A sealed row opens at its own place only.
    """

    def __init__(self, import_id: UUID) -> None:
        self._ciphers = [AESGCM(key) for key in _keys(import_id)]

    def close(self, index: int, text: bytes) -> bytes:
        """Seal the text of the row of that index."""
        nonce = os.urandom(NONCE)
        return nonce + self._ciphers[0].encrypt(nonce, text, _place(index))

    def open(self, index: int, sealed: bytes) -> bytes:
        """Return the text that was sealed.

        Raise SealBroken if it was changed, or sealed with a key that is gone.
        """
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], _place(index))
            except InvalidTag:
                continue
        raise SealBroken


def _keys(import_id: UUID) -> Iterator[bytes]:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield salted_hmac(PURPOSE, str(import_id), secret=secret, algorithm="sha256").digest()


def _place(index: int) -> bytes:
    return str(index).encode()
