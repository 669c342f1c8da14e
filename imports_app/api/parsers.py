"""Bodies in."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from imports_app.api.documents import Document, malformed, read_document
from imports_app.api.errors import MEDIA_TYPE, standard_error
from imports_app.conf import conf


class JsonApiParser(BaseParser):
    """Makes a Document of the body, which is never read past the limit.

    Not a subclass of DRF's JSONParser: for those DRF takes all of the body into memory first.
    """

    media_type = MEDIA_TYPE

    def parse(  # type: ignore[override]  # request.data may be anything
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Document:
        request: Request = (parser_context or {})["request"]
        if request.headers.get("Content-Encoding", "identity") != "identity":
            raise standard_error(415, "A body with a Content-Encoding is not accepted.")
        return read_document(_read(stream, int(request.headers["Content-Length"])))


class JsonParser(JsonApiParser):
    """The same document under the name of plain JSON."""

    media_type = "application/json"


def document_of(request: Request) -> Document:
    """The request's document. Raises a 400 if it has no body."""
    document = request.data
    if not isinstance(document, Document):
        raise malformed("The request has no body, or its Content-Length is missing.")
    return document


def _read(stream: IO[bytes], length: int) -> bytes:
    if length > conf.max_request_bytes:
        limit = conf.max_request_bytes
        raise standard_error(413, f"The body is too large (maximum is {limit} bytes).")
    return stream.read(length)
