"""Gives out access tokens, by oauthlib's rules and with the toolkit's storage."""

import json
import logging
import time
from collections.abc import Mapping

from oauth2_provider.oauth2_backends import get_oauthlib_core
from oauthlib.common import urlencode
from oauthlib.oauth2 import OAuth2Error

from imports_app.api.oauth.errors import TokenRefused


def issue_token(parameters: Mapping[str, str]) -> str:
    """Make a token and return the answer's JSON; the only copy of the token is in it.

    Raises TokenRefused if the client isn't one, or asks for what it may not have.
    """
    extra = {"token_type": "bearer", "created_at": int(time.time())}
    body = urlencode(parameters.items())
    try:
        _headers, answer, status = get_oauthlib_core().server.create_token_response(
            "/oauth/token", "POST", body, {}, extra
        )
    except OAuth2Error as error:
        raise TokenRefused(error.error) from None
    if status != 200:  # noqa: PLR2004
        raise TokenRefused(json.loads(answer)["error"])
    return str(answer)


# At level DEBUG this logger, and no other, writes the tokens that it issues. It has nothing else
# to say, and a level set here could be undone by the one that somebody sets on all loggers.
logging.getLogger("oauthlib.oauth2.rfc6749.grant_types.client_credentials").addFilter(
    lambda _record: False
)
