"""Media types in and out, by the rules of JSON:API 1.1 ("Server Responsibilities")."""

from collections.abc import Iterable

from django.utils.http import parse_header_parameters
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from imports_app.api.errors import MEDIA_TYPE

ANYTHING = "*/*"


class JsonApiNegotiation(DefaultContentNegotiation):
    """Knows no extension and ignores profiles: any other parameter of the media type is foreign."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        """None makes DRF answer with a 415."""
        if _is_foreign(request.content_type):
            return None
        return super().select_parser(request, parsers)

    def get_accept_list(self, request: Request) -> list[str]:
        """What the client accepts. Instances of the media type with foreign parameters don't
        count; if there are only such, nothing is acceptable, whatever else is listed.
        """
        if not request.headers.get("Accept", "").strip():
            return [ANYTHING]
        accepted = super().get_accept_list(request)
        usable = [media_type for media_type in accepted if not _is_foreign(media_type)]
        names_ours = any(_is_ours(media_type) for media_type in usable)
        return usable if names_ours or len(usable) == len(accepted) else []


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
