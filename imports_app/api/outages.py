"""The answer to unforeseen errors outside of the API's own views."""

import sys
from inspect import unwrap

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views import defaults

from imports_app.api.errors import RETRY_AFTER_OUTAGE
from imports_app.outages.database_errors import passes_by_itself

AWAY = "The database does not answer. Try again in a few seconds.\n"


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Return a 503 for an error that passes by itself, else Django's page; a handler500.

    Called while the error is handled. Below `/api/`, middleware makes a document of the text.
    """
    error = sys.exception()
    if error is None or not passes_by_itself(error):
        # Unwrapped: the decorator would parse a form that was sent, for its CSRF token.
        page: HttpResponseBase = unwrap(defaults.server_error)(request)
        return page
    return HttpResponse(
        AWAY, status=503, content_type="text/plain", headers={"Retry-After": RETRY_AFTER_OUTAGE}
    )
