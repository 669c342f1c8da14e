"""Parses request bodies."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import IO, Any

from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from imports_app.api.bodies import read_body
from imports_app.api.documents import Document, read_document
from imports_app.api.errors import MEDIA_TYPE
from imports_app.api.idempotency import HEADER as IDEMPOTENCY_KEY


class JsonApiParser(BaseParser):
    """Parses the body as a Document, and never reads it past the limit.

    Not a subclass of DRF's JSONParser, for which DRF reads the whole body into memory first.
    """

    media_type = MEDIA_TYPE

    def parse(  # type: ignore[override]  # request.data may be anything
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Document:
        request: Request = (parser_context or {})["request"]
        body = read_body(request, stream)
        hashed = sha256(body).hexdigest() if IDEMPOTENCY_KEY in request.headers else ""
        return replace(read_document(body), fingerprint=hashed)


class JsonParser(JsonApiParser):
    """Parses the same document under the media type of plain JSON."""

    media_type = "application/json"
