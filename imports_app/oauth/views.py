"""`POST /oauth/token` and `POST /oauth/revoke`."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from imports_app.api.base_view import BaseView
from imports_app.api.errors import exception_handler, standard_error
from imports_app.limits.guessing import TooManyFailures, attempt
from imports_app.oauth.errors import TokenRefused
from imports_app.oauth.issuing import issue_token, revoke_token
from imports_app.oauth.parameters import GRANT, REVOCATION, parameters_of

JSON = "application/json"
# What OAuth calls a refusal that has no name of its own.
ERRORS = {429: "temporarily_unavailable", 503: "temporarily_unavailable"}


class OAuthView(BaseView):
    """Answers JSON whatever is accepted, as RFC 6749 has it; no answer may be kept by a cache."""

    authentication_classes = ()
    permission_classes = ()

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Whatever is asked for, JSON is what there is."""
        return super().perform_content_negotiation(request, force=True)

    def get_exception_handler(self) -> Callable[..., HttpResponse | None]:
        return refusal

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response["Cache-Control"] = "no-store"
        response["Pragma"] = "no-cache"
        return super().finalize_response(request, response, *args, **kwargs)


class TokenView(OAuthView):
    """Changes a client's id and secret for an access token."""

    def post(self, request: Request) -> HttpResponse:
        parameters = parameters_of(request, GRANT)
        with guarded(request, parameters.get("client_id", "")):
            answer = issue_token(parameters)
        return HttpResponse(answer, content_type=JSON)


class RevocationView(OAuthView):
    """Takes an access token back (RFC 7009). One that isn't there is a success as well."""

    def post(self, request: Request) -> HttpResponse:
        parameters = parameters_of(request, REVOCATION)
        with guarded(request, parameters.get("client_id", "")):
            revoke_token(parameters)
        return HttpResponse("{}", content_type=JSON)  # clients read JSON whatever there is to say


def refusal(exc: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Return the API's own error document, with RFC 6749's two members beside it."""
    response = exception_handler(exc, context)
    if response is None:
        return None
    document = json.loads(response.content)
    error = getattr(exc, "error", ERRORS.get(response.status_code, "invalid_request"))
    # The words are ours or the framework's; RFC 6749 wants them without these two.
    description = document["errors"][0]["detail"].replace('"', "'").replace("\\", "/")
    response.content = json.dumps(
        {"error": error, "error_description": description} | document
    ).encode()
    response["Content-Type"] = JSON
    return response


@contextmanager
def guarded(request: Request, client_id: str) -> Iterator[None]:
    """Goes around the check of a secret. Raises a 429 instead of it after too many failures;
    counts one.
    """
    try:
        made = attempt(request, "client", client_id)
    except TooManyFailures as reason:
        headers = {"Retry-After": str(reason.seconds)}
        raise standard_error(429, str(reason), headers=headers) from reason
    try:
        yield
    except TokenRefused as refusal:
        if refusal.error == "invalid_client":
            made.failed()
        raise
