"""Puts large stored JSON texts into an answer without parsing them or holding them in memory.

This is the one place where an answer is not what the JSON:API library renders. The library renders
a document in which markers stand for the stored texts, and each text takes its marker's place when
the document is sent. So the rows of an import, which may have 100 MB, are never decoded.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.http import StreamingHttpResponse
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

Source = Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class StoredJson:
    """A value whose JSON text `source` returns in pieces, when its place is reached."""

    source: Source


@dataclass
class Splices:
    """The stored texts of one answer, and the markers that stand for them."""

    # Random, so that no client can write a marker.
    _token: str = field(default_factory=partial(secrets.token_hex, 16))
    _sources: list[Source] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self._sources)

    def mark(self, source: Source) -> str:
        """Return the marker of a source, which is called when its place is reached."""
        self._sources.append(source)
        return f"{self._token}:{len(self._sources) - 1}"

    def fill(self, rendered: bytes) -> Iterator[bytes]:
        """Return the rendered document in pieces, with the texts in place of their markers."""
        parts = re.split(rb'"%s:(\d+)"' % self._token.encode(), rendered)
        # From here on only the pieces hold the sources, which may hold much memory.
        sources, self._sources = self._sources, []
        return (
            piece
            for position, part in enumerate(parts)
            for piece in (sources[int(part)]() if position % 2 else (part,))
        )


class SplicingEncoder(JSONEncoder):
    """Writes a marker for each StoredJson."""

    def __init__(self, splices: Splices, **options: Any) -> None:
        super().__init__(**options)
        self._splices = splices

    def default(self, obj: Any) -> Any:
        """Return what the encoder writes for a value that it doesn't know: a marker."""
        return (
            self._splices.mark(obj.source) if isinstance(obj, StoredJson) else super().default(obj)
        )


def streamed(response: Response, splices: Splices, *, whole: bool) -> StreamingHttpResponse:
    """Return the response with its texts filled in as it is sent; unless `whole`, headers only."""
    content = splices.fill(response.content) if whole else ()
    response.data = None  # a response has reference cycles, which would keep the sources alive
    return StreamingHttpResponse(content, status=response.status_code, headers=response.headers)
