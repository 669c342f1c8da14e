"""Large stored texts, put into an answer without being parsed or held in memory."""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import msgspec
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from msgspec import Raw
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from imports_app.engine.chunks import read_inputs
from imports_app.engine.log import errors_log, warnings_log
from imports_app.importer import Importer
from imports_app.inputs.numbers import readable
from imports_app.models import Import
from imports_app.registry import importers
from imports_app.secrecy.hidden import has_secrets, without_secrets

Source = Callable[[], Iterable[bytes]]
NULL = b"null"
ROWS_A_PIECE = 1_000

_as_rows = msgspec.json.Decoder(list[Raw])


class Splices:
    """Markers that stand in a document for JSON text which is added when it is sent."""

    def __init__(self) -> None:
        self._token = secrets.token_hex(16)  # so that no client can write a marker
        self._sources: list[Source] = []

    def __bool__(self) -> bool:
        return bool(self._sources)

    def mark(self, source: Source) -> str:
        """The string to put where the source's text belongs; it is called when that is reached."""
        self._sources.append(source)
        return f"{self._token}:{len(self._sources) - 1}"

    def fill(self, rendered: bytes) -> Iterator[bytes]:
        """The rendered document in pieces, the texts in the places of their markers."""
        parts = re.split(rb'"%s:(\d+)"' % self._token.encode(), rendered)
        try:
            for position, part in enumerate(parts):
                if position % 2:
                    yield from self._sources[int(part)]()
                else:
                    yield part
        finally:
            self._sources.clear()  # they may hold much


class SplicedView(APIView):
    """A view whose answer may have splices in it."""

    @cached_property
    def splices(self) -> Splices:
        """What is added to the answer when it is sent."""
        return Splices()

    def finalize_response(  # type: ignore[override]  # the stubs know of no other response
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Streams what has splices in it; everything else is rendered later, as usual."""
        final: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        if self.splices and isinstance(final, Response):
            return streamed(final, self.splices, whole=request.method != "HEAD")
        return final


def streamed(response: Response, splices: Splices, *, whole: bool) -> StreamingHttpResponse:
    """The response with its splices filled in as it is sent; not `whole`, its headers alone."""
    rendered = response.rendered_content  # sets the headers, too
    content = splices.fill(rendered) if whole else ()
    return StreamingHttpResponse(content, status=response.status_code, headers=response.headers)


def inputs_of(import_: Import) -> Iterator[bytes]:
    """The inputs as an array, a few chunks in memory at a time; null once they are pruned."""
    pieces = (piece.encode() for piece in read_inputs(import_.pk))
    return _array(pieces, import_.resource_type)


def sent_inputs(rows: Sequence[bytes | Raw], resource_type: str) -> Iterator[bytes]:
    """The same from the rows that were just sent."""
    pieces = (
        (b"," if start else b"") + b",".join(rows[start : start + ROWS_A_PIECE])
        for start in range(0, len(rows), ROWS_A_PIECE)
    )
    return _array(pieces, resource_type)


def row_of(row: bytes, resource_type: str) -> bytes:
    """One row without what its type, a registered one, keeps secret."""
    importer = importers.get(resource_type)
    return readable(without_secrets(row, importer) if has_secrets(importer) else row)


def errors_of(import_: Import) -> Iterator[bytes]:
    """The import's errors_log."""
    yield msgspec.json.encode(errors_log(import_))


def warnings_of(import_: Import) -> Iterator[bytes]:
    """The import's warnings_log."""
    yield msgspec.json.encode(warnings_log(import_))


def _array(pieces: Iterable[bytes], resource_type: str) -> Iterator[bytes]:
    """The pieces in brackets. What an unregistered type keeps secret isn't known: null for that."""
    if resource_type not in importers:
        yield NULL
        return
    importer = importers.get(resource_type)
    opening = b"["
    for piece in _without_secrets(pieces, importer) if has_secrets(importer) else pieces:
        yield opening + readable(piece)
        opening = b""
    yield NULL if opening else b"]"


def _without_secrets(pieces: Iterable[bytes], importer: Importer) -> Iterator[bytes]:
    for piece in pieces:
        rows = _as_rows.decode(b"[%s]" % piece.removeprefix(b","))
        shown = b",".join(without_secrets(bytes(row), importer) for row in rows)
        yield b"," + shown if piece.startswith(b",") else shown
