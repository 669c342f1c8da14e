"""Reads and unpacks a request's body, never more bytes than are allowed."""

from collections.abc import Iterator
from io import BytesIO
from typing import IO

from rest_framework.request import Request

from imports_app.api.documents import malformed, unreadable
from imports_app.api.errors import standard_error
from imports_app.conf import conf
from imports_app.inputs.limits import too_large
from imports_app.inputs.refusals import TooLarge, Unreadable
from imports_app.inputs.unpacking import PIECE, gunzip, measured

GZIP_NAMES = ("gzip", "x-gzip")  # the second is an alias (RFC 9110, 8.4.1.3)


def read_body(request: Request, stream: IO[bytes]) -> bytes:
    """Return the body as it was before any Content-Encoding.

    Raises a 413 for one beyond conf.max_request_bytes, sent or unpacked, a 415 for an encoding
    that isn't known, and a 400 for what isn't gzip.
    """
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    length = int(request.headers["Content-Length"])
    if length > conf.max_request_bytes:
        raise unreadable(too_large())
    if encoding in GZIP_NAMES:
        return _gunzipped(stream, length)
    if encoding not in ("", "identity"):
        headers = {"Accept-Encoding": "gzip"}  # as RFC 9110, 15.5.16 asks
        raise standard_error(415, "A body's Content-Encoding may be gzip only.", headers=headers)
    return stream.read(length)


def _gunzipped(stream: IO[bytes], length: int) -> bytes:
    body = BytesIO()
    try:
        body.writelines(measured(gunzip(_pieces(stream, length))))
    except TooLarge as reason:
        raise unreadable(reason) from None
    except Unreadable as reason:
        raise malformed(f"The body {reason.predicate}, as its Content-Encoding says.") from None
    return body.getvalue()


def _pieces(stream: IO[bytes], length: int) -> Iterator[bytes]:
    while piece := stream.read(min(PIECE, length)):
        length -= len(piece)
        yield piece
