"""`X-Request-Id`: one id for a request, in the logs of all programs that it passes through."""

import re
from collections.abc import Callable
from uuid import uuid4

from django.core.signals import request_finished
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from imports_app.telemetry.logs import begin, end

HEADER = "X-Request-Id"
SANE = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}", re.ASCII)


class RequestIds:
    """Takes the id that a proxy or client gave, if it is fit for a log, or makes one.

    It is the first in MIDDLEWARE, so that all log lines have the id. The context lasts until the
    response is closed: Django logs errors after all middleware, and answers may be streams.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        request_id = given if SANE.fullmatch(given) else uuid4().hex
        begin(request_id=request_id)
        response = self.get_response(request)
        response[HEADER] = request_id
        return response


# The thread's next log line may be about something else.
request_finished.connect(end, dispatch_uid="imports_app.request_ids")
