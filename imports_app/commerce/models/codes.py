"""Codes for records that are imported without one."""

import os

# 32 characters that nobody mistakes for each other: no I, L, O, U (Crockford's base 32).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16


def generated_code() -> str:
    """Return a code of 80 random bits, which is unique without a query and can't be guessed."""
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in os.urandom(LENGTH))
