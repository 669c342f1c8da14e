"""Answers packed by gzip."""

import re

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from imports_app.addresses import root

REFUSES_GZIP = re.compile(r"\bgzip *; *q=0(?:\.0*)?(?: |,|$)", re.IGNORECASE)


class PackedAnswers(GZipMiddleware):
    """Packs the API's answers for clients that accept gzip; one that is streamed stays a stream.

    BREACH, the attack on secrets in packed answers, needs a browser that adds the secret by itself
    to requests of the attacker's making. No browser does so with a bearer token; staff pages, with
    their cookies, and tokens, which are secrets, are left alone. First in MIDDLEWARE: what is
    packed can't be changed any more, but for headers.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Attachments are gzip files already."""
        is_packed = response.headers.get("Content-Type") == "application/gzip"
        refused = REFUSES_GZIP.search(request.headers.get("Accept-Encoding", ""))
        if is_packed or refused or not request.path.startswith(f"{root()}api/"):
            return response
        return super().process_response(request, response)
