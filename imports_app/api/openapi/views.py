"""`GET /api/schema`, and the page that shows the document."""

import json
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from rest_framework.request import Request

from imports_app.addresses import address
from imports_app.api.base_view import PublicFileView
from imports_app.api.openapi.document import openapi_document
from imports_app.api.parameters import refuse_unknown

# The page's own files, and the API for its requests. Swagger UI sets styles by itself, and has its
# icons in data URLs.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


class SchemaView(PublicFileView):
    """Returns the document, which is public: it has nothing of any client."""

    def get(self, request: Request) -> HttpResponse:
        """Return the document."""
        refuse_unknown(request.query_params, ())
        return HttpResponse(_encoded(), content_type="application/json")


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Return the page; all of its assets are served from here."""
    response = render(request, "imports_app/api/docs.html", {"schema": address("schema")})
    response["Content-Security-Policy"] = POLICY
    return response


@cache
def _encoded() -> bytes:
    return json.dumps(openapi_document()).encode()
