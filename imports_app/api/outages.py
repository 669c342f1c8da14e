"""What is answered outside of the API's own views when the database is away."""

import sys
from inspect import unwrap

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views import defaults

from imports_app.api.errors import RETRY_AFTER_OUTAGE
from imports_app.outages.database_errors import passes_by_itself

AWAY = "The database does not answer. Try again in a few seconds.\n"


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Django's handler500: a 503 for what passes by itself, else its own page.

    Called while the error is handled; middleware below `/api/` makes a document of the text.
    """
    error = sys.exception()
    if error is None or not passes_by_itself(error):
        # Decorated it would parse a form that was sent, for its token.
        page: HttpResponseBase = unwrap(defaults.server_error)(request)
        return page
    return HttpResponse(
        AWAY, status=503, content_type="text/plain", headers={"Retry-After": RETRY_AFTER_OUTAGE}
    )
