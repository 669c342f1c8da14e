"""The bytes of a request's body, unpacked; never more of them than are allowed."""

import zlib
from io import BytesIO
from typing import IO

from rest_framework.request import Request

from imports_app.api.documents import malformed
from imports_app.api.errors import ApiError, standard_error
from imports_app.conf import conf

GZIP = zlib.MAX_WBITS | 16  # a gzip header, and nothing else
GZIP_NAMES = ("gzip", "x-gzip")  # the second is an alias (RFC 9110, 8.4.1.3)
PIECE = 64 * 1024  # bytes


def read_body(request: Request, stream: IO[bytes]) -> bytes:
    """The body as it was before any Content-Encoding.

    Raises a 413 for one beyond conf.max_request_bytes, sent or unpacked, a 415 for an encoding
    that isn't known, and a 400 for what isn't gzip.
    """
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    length = int(request.headers["Content-Length"])
    if length > conf.max_request_bytes:
        raise _too_large()
    if encoding in GZIP_NAMES:
        return _gunzip(stream, length)
    if encoding not in ("", "identity"):
        headers = {"Accept-Encoding": "gzip"}  # as RFC 9110, 15.5.16 asks
        raise standard_error(415, "A body's Content-Encoding may be gzip only.", headers=headers)
    return stream.read(length)


def _gunzip(stream: IO[bytes], length: int) -> bytes:
    """Unpacks piece by piece: a small body may hold a huge one."""
    limit = conf.max_request_bytes
    unpacked = BytesIO()
    decoder = zlib.decompressobj(GZIP)
    while piece := stream.read(min(PIECE, length)):
        length -= len(piece)
        # One member only: thousands of empty ones would keep a process busy for nothing.
        if decoder.eof:
            raise _not_gzip()
        try:
            unpacked.write(decoder.decompress(piece, limit + 1 - unpacked.tell()))
        except zlib.error:
            raise _not_gzip() from None
        if unpacked.tell() > limit:
            raise _too_large()
    if not decoder.eof or decoder.unused_data:
        raise _not_gzip()
    return unpacked.getvalue()


def _not_gzip() -> ApiError:
    return malformed("The body is not one whole gzip file, as its Content-Encoding says.")


def _too_large() -> ApiError:
    limit = conf.max_request_bytes
    return standard_error(413, f"The body is too large (maximum is {limit} bytes).")
