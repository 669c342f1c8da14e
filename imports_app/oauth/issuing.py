"""Gives out access tokens and takes them back, by oauthlib's rules."""

import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from oauthlib.common import urlencode
from oauthlib.oauth2 import BackendApplicationServer, OAuth2Error

from imports_app.conf import conf
from imports_app.oauth.errors import TokenRefused
from imports_app.oauth.parameters import requested_scopes
from imports_app.oauth.tokens import signed_token
from imports_app.oauth.validator import Validator

# Clearer words than oauthlib's own, where it has any.
DESCRIPTIONS: Mapping[str, str] = {
    "invalid_client": "client_id and client_secret are not those of a client",
    "invalid_scope": "scope asks for something that this client may not do",
    "unsupported_grant_type": "grant_type must be client_credentials",
}


def issue_token(parameters: Mapping[str, str]) -> str:
    """Make a token and return the answer's JSON; the only copy of the token is in it.

    Raises TokenRefused if the client isn't one, or asks for what it may not have.
    """
    extra = {"token_type": "bearer", "created_at": int(time.time())}
    body = urlencode(_grantable(parameters).items())
    return _answer(_server().create_token_response, "/oauth/token", "POST", body, {}, extra)


def revoke_token(parameters: Mapping[str, str]) -> None:
    """Make a token of the client's worth nothing, from this moment on.

    A token of another client's is left alone, and so is text that is no token: nothing tells which
    it was. Raises TokenRefused if the client isn't one, or names no token.
    """
    body = urlencode(parameters.items())
    _answer(_server().create_revocation_response, "/oauth/revoke", "POST", body, {})


def _server() -> BackendApplicationServer:
    """Return the endpoints; a project's OAUTH2_PROVIDER is for its own."""
    return BackendApplicationServer(Validator(), signed_token, conf.token_seconds)


def _answer(ask: Callable[..., tuple[Any, str, int]], *request: Any) -> str:
    try:
        _headers, answer, status = ask(*request)
    except OAuth2Error as error:
        raise _refusal(error.error, error.description) from None
    if status != 200:  # noqa: PLR2004
        refused = json.loads(answer)
        raise _refusal(refused["error"], refused.get("error_description", ""))
    return str(answer)


def _grantable(parameters: Mapping[str, str]) -> Mapping[str, str]:
    """With the scopes that mean something here. No scope asks for all; an empty one is an error."""
    scope = requested_scopes(parameters.get("scope", ""))
    others = {name: value for name, value in parameters.items() if name != "scope"}
    return others | {"scope": scope} if scope else others


def _refusal(error: str, description: str) -> TokenRefused:
    return TokenRefused(error, DESCRIPTIONS.get(error, description))


# At level DEBUG this logger, and no other, writes the tokens that it issues. It has nothing else
# to say, and a level set here could be undone by the one that somebody sets on all loggers.
logging.getLogger("oauthlib.oauth2.rfc6749.grant_types.client_credentials").addFilter(
    lambda _record: False
)
