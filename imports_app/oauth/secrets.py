"""What clients show, and what is kept of it: checksums."""

import hashlib

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils.crypto import constant_time_compare, get_random_string

SECRET_LENGTH = 43  # letters and digits: 256 random bits


def new_secret() -> str:
    """Return a secret for a client, drawn at random."""
    return get_random_string(SECRET_LENGTH)


def hashed(random: str) -> str:
    """Return what is kept of a secret, or of a token; the toolkit keeps the same of its tokens.

    Plain SHA-256, for what was drawn at random and for nothing else. A slow hash such as PBKDF2
    makes guessing a password dear. 256 random bits can't be guessed at any price, so it would
    protect nothing and cost a quarter of a second of processor time for every token. No salt, since
    no two are alike, and no key, since the hashes must outlive a change of the secret key.
    """
    return hashlib.sha256(random.encode(errors="surrogatepass")).hexdigest()


def nobodys() -> str:
    """Return what an application keeps of a secret that is dropped at once, so that nobody has it.

    In a form that the toolkit takes for hashed already: itself it would work out PBKDF2 in all its
    rounds. See `hashed` for why one is enough.
    """
    hasher = PBKDF2PasswordHasher()
    kept: str = hasher.encode(new_secret(), hasher.salt(), iterations=1)
    return kept


def is_of(kept: str, shown: str) -> bool:
    """Return whether that is what was kept of what is shown."""
    return constant_time_compare(kept, hashed(shown))
