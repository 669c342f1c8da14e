"""Compresses answers with gzip."""

import re

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from imports_app.addresses import root

REFUSES_GZIP = re.compile(r"\bgzip *; *q=0(?:\.0*)?(?: |,|$)", re.IGNORECASE)


class PackedAnswers(GZipMiddleware):
    """Compresses the API's answers for clients that accept gzip; streams stay streams.

    BREACH, the attack on secrets in compressed answers, needs a browser that by itself adds the
    secret to requests that the attacker makes. No browser does that with a bearer token. Staff
    pages, which have cookies, and tokens, which are secrets, are not compressed. It stands before
    the middleware that changes answers' content.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress the answer, unless it is an attachment, which is a gzip file already."""
        is_packed = response.headers.get("Content-Type") == "application/gzip"
        refused = REFUSES_GZIP.search(request.headers.get("Accept-Encoding", ""))
        if is_packed or refused or not request.path.startswith(f"{root()}api/"):
            return response
        return super().process_response(request, response)
