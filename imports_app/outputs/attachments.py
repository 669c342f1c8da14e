"""An import's inputs as a file, and the signed address under which it is given out."""

from collections.abc import Iterator
from time import time
from urllib.parse import urlencode

from django.core.signing import BadSignature, TimestampSigner, b62_encode

from imports_app.addresses import address
from imports_app.conf import conf
from imports_app.models import Import
from imports_app.outputs.csv_as_sent import csv_as_sent
from imports_app.outputs.texts import gzipped, rows_of

SIGNATURE = "signature"
CLIENT = "client"


class WindowSigner(TimestampSigner):
    """Signs with the time at which the window at hand began, and so the same all through it."""

    def timestamp(self) -> str:
        """Return that time, as Django's signatures have it."""
        return b62_encode(int(signing_window() * _half_life()))


_signer = WindowSigner(salt="imports_app.attachment")


def signing_window() -> int:
    """Return the number of the window at hand; URLs are signed once for each half of their
    lifetime.
    """
    return int(time() // _half_life())


def _half_life() -> float:
    """In seconds."""
    return max(float(conf.attachment_seconds) / 2, 1)


def attachment_path(import_: Import) -> str:
    """Return a path that gives the import's inputs to staff, for as long as `signed_query` says."""
    return f"{address('attachment', str(import_.pk))}?{signed_query(import_)}"


def signed_query(import_: Import, caller: str | None = None) -> str:
    """Return the query with which the attachment's path gives the import's inputs for
    conf.attachment_seconds at most, half of them at least, and no longer than the `caller` that
    it was given to may come.
    """
    signed = _signed(str(import_.pk), caller)
    signature = _signer.sign(signed).removeprefix(f"{signed}:")
    query = {SIGNATURE: signature} | ({CLIENT: caller} if caller else {})
    return urlencode(query, safe=":")


def _signed(pk: str, caller: str | None) -> str:
    return pk if caller is None else f"{pk} {caller}"


def is_signed(pk: str, caller: str | None, signature: str) -> bool:
    """Return whether that signature was made for that import and caller, and has not expired."""
    signed = _signed(pk, caller)
    try:
        return _signer.unsign(f"{signed}:{signature}", max_age=conf.attachment_seconds) == signed
    except BadSignature:  # one that has expired, too
        return False


def attachment_of(import_: Import) -> tuple[str, Iterator[bytes]]:
    """Return the kind of text that it is, and the gzip file. A CSV that nobody sent, such as the
    rest of
    one that a retry has, is an array like any other.
    """
    if import_.csv_pieces.exists():
        return "csv", csv_as_sent(import_)
    # Nothing is read before the file is sent.
    return "json", gzipped(piece for each in (import_,) for piece in rows_of(each))
