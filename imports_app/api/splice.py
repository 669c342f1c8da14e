"""Large stored texts, put into an answer without being parsed or held in memory."""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

Source = Callable[[], Iterable[bytes]]


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
