"""Negotiates media types by the rules of JSON:API 1.1 ("Server Responsibilities")."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.http import parse_header_parameters
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.settings import DEFAULTS, IMPORT_STRINGS, APISettings
from rest_framework.utils.mediatypes import _MediaType, media_type_matches

from imports_app.api.errors import MEDIA_TYPE

ANYTHING = "*/*"
NO_FORMAT: Any = {"URL_FORMAT_OVERRIDE": None}  # a project may have one for its own views
QUALITY = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


class JsonApiNegotiation(DefaultContentNegotiation):
    """Supports no extension and ignores profiles; other parameters of a media type are foreign."""

    settings: Any = APISettings(NO_FORMAT, DEFAULTS, IMPORT_STRINGS)

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        """Return the parser of the body; None for a media type that leads to a 415."""
        if _is_foreign(request.content_type):
            return None
        return super().select_parser(request, parsers)

    def get_accept_list(self, request: Request | HttpRequest) -> list[str]:
        """Return the media types that the client accepts.

        JSON:API's with foreign parameters doesn't count. If it is listed only so, nothing is
        acceptable, whatever else is listed.
        """
        if not request.headers.get("Accept", "").strip():
            return [ANYTHING]
        accepted = super().get_accept_list(request)  # type: ignore[arg-type]  # reads headers only
        usable = [media_type for media_type in accepted if not _is_foreign(media_type)]
        names_ours = any(_is_ours(media_type) for media_type in usable)
        return usable if names_ours or len(usable) == len(accepted) else []

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        """Return the renderer that the client prefers. Raises NotAcceptable."""
        by_type = {renderer.media_type or "": renderer for renderer in renderers}
        chosen = preferred([*by_type], self.get_accept_list(request))
        if chosen is None:
            raise NotAcceptable(available_renderers=[*by_type.values()])
        return by_type[chosen], chosen


def preferred(offers: Sequence[str], accepted: Collection[str]) -> str | None:
    """Return the offered media type that is preferred; None if none is accepted.

    It goes by q, then by how specific the accepted range is, then by the order of the offers.
    """
    best = max(((_rank(offer, accepted), -n) for n, offer in enumerate(offers)), default=None)
    return offers[-best[1]] if best and best[0][0] > 0 else None


def _rank(offer: str, accepted: Iterable[str]) -> tuple[float, int]:
    """Return the q of the most specific range that matches, and how specific it is; or zeros."""
    matching = [range_ for range_ in accepted if media_type_matches(offer, range_)]
    if not matching:
        return 0, 0
    closest = max(matching, key=lambda range_: _MediaType(range_).precedence)
    return _quality(closest), _MediaType(closest).precedence


def _quality(media_type: str) -> float:
    """Return its q, from 0 to 1. An invalid one counts as missing, which is 1."""
    q = _parsed(media_type)[1].get("q", "1")
    return float(q) if QUALITY.fullmatch(q) else 1


def _parsed(media_type: str) -> tuple[str, dict[str, str]]:
    try:
        return parse_header_parameters(media_type)
    except ValueError:  # longer than Django parses
        return "", {}


def _is_ours(media_type: str) -> bool:
    return _parsed(media_type)[0] == MEDIA_TYPE


def _is_foreign(media_type: str) -> bool:
    name, parameters = _parsed(media_type)
    return name == MEDIA_TYPE and not parameters.keys() <= {"profile", "q"}
