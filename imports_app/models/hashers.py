"""How the secrets of API clients are kept."""

import hashlib
from typing import Any

from django.contrib.auth.hashers import BasePasswordHasher, mask_hash
from django.utils.crypto import constant_time_compare

# 43 letters and digits are 256 random bits.
SECRET_LENGTH = 43


class RandomSecretHasher(BasePasswordHasher):
    """Plain SHA-256, for secrets that were drawn at random and for nothing else.

    A slow hash such as PBKDF2 makes guessing a password dear. 256 random bits can't be guessed at
    any price, so it would protect nothing and cost a quarter of a second of processor time for
    every token. No salt, since no two secrets are alike, and no key, since the hashes must outlive
    a change of the secret key. It refuses to hash what is too short to be such a secret.

    It has to stand in PASSWORD_HASHERS, after the one for people's passwords.
    """

    algorithm = "sha256"

    def salt(self) -> str:
        """Django salts every hash; this one has no use for it."""
        return ""

    def encode(self, password: str, salt: str) -> str:
        if len(password) < SECRET_LENGTH:
            raise ValueError(f"a client secret has at least {SECRET_LENGTH} random characters")
        return self._encoded(password)

    def verify(self, password: str, encoded: str) -> bool:
        return constant_time_compare(encoded, self._encoded(password))

    def decode(self, encoded: str) -> dict[str, Any]:
        algorithm, digest = encoded.split("$", 1)
        return {"algorithm": algorithm, "hash": digest, "salt": None}

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        decoded = self.decode(encoded)
        return {"algorithm": decoded["algorithm"], "hash": mask_hash(decoded["hash"])}

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing to make up for: every secret takes the same time."""

    def _encoded(self, secret: str) -> str:
        return f"{self.algorithm}${hashlib.sha256(secret.encode()).hexdigest()}"
