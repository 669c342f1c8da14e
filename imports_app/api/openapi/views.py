"""`GET /api/schema`, and a page to read it."""

import json
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from imports_app.api.openapi.document import openapi_document

# The page's own files and the API it tries things out on. Swagger UI sets styles by itself, and
# has its icons in data URLs.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


@require_safe
def schema(_request: HttpRequest) -> HttpResponse:
    """The document. It is public: it holds nothing of any client."""
    return HttpResponse(_encoded(), content_type="application/json")


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The page, all of whose assets are ours."""
    response = render(request, "imports_app/api/docs.html")
    response["Content-Security-Policy"] = POLICY
    return response


@cache
def _encoded() -> bytes:
    return json.dumps(openapi_document()).encode()
