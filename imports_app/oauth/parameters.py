"""Reads the parameters of an OAuth request: form or JSON body, and HTTP Basic."""

import base64
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from django.http import UnreadablePostError
from rest_framework.request import Request

from imports_app.oauth.errors import TokenRefused

MAX_BODY = 16 * 1024  # bytes; real ones have a few hundred
MAX_DISCARDED = 64 * 1024 * 1024  # bytes
FORM = "application/x-www-form-urlencoded"
JSON = ("application/json", "application/vnd.api+json")

# The parameters we know, and what RFC 6749 (appendix A) lets them consist of.
Grammar = Mapping[str, re.Pattern[str]]
PRINTABLE = re.compile(r"[\x20-\x7e]*")
CLIENT: Grammar = {"client_id": PRINTABLE, "client_secret": PRINTABLE}
GRANT: Grammar = {
    "grant_type": PRINTABLE,
    **CLIENT,
    "scope": re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]*"),
}
# RFC 7009 has a hint beside it, of which kind the token is. There is but one here.
REVOCATION: Grammar = {**CLIENT, "token": PRINTABLE}
BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")

Pairs = Iterable[tuple[str, Any]]

# What the clients of the reference API may ask for beside ours: the parts of a shop to sell from.
SHOP_SCOPES = ("market:", "stock_location:", "store:")


def parameters_of(request: Request, grammar: Grammar) -> dict[str, str]:
    """Return the known parameters that have a value; unknown ones are ignored, as RFC 6749 asks.

    Raises TokenRefused for whatever can't be read, naming the parameter but never its value.
    """
    if request.META.get("QUERY_STRING"):
        raise TokenRefused("invalid_request", "parameters belong in the body, not in the URL")
    parameters = _checked(_pairs(_content_type(request), _body(request)), grammar)
    return _with_basic(request.META.get("HTTP_AUTHORIZATION", ""), parameters)


def _content_type(request: Request) -> str:
    """Without one a body is taken for a form, which is what RFC 6749 knows."""
    return request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() or FORM


def _body(request: Request) -> str:
    """Return the body as text. No more than MAX_BODY is kept: nobody has said yet who is asking."""
    try:
        body = request.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            _discard_rest(request)
    except UnreadablePostError:
        raise TokenRefused("invalid_request", "the body ended too early") from None
    if len(body) > MAX_BODY:
        raise TokenRefused("invalid_request", f"the body exceeds {MAX_BODY} bytes", status=413)
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise TokenRefused("invalid_request", "the body is not UTF-8") from None


def _discard_rest(request: Request) -> None:
    """Read on: a client that is still sending would see a broken connection, not the answer."""
    for _ in range(0, MAX_DISCARDED, MAX_BODY):
        if not request.read(MAX_BODY):
            return


def _pairs(content_type: str, body: str) -> Pairs:
    if content_type == FORM:
        return _form_pairs(body)
    if content_type in JSON:
        return _json_pairs(body)
    accepted = ", ".join((FORM, *JSON))
    raise TokenRefused("invalid_request", f"Content-Type must be one of {accepted}", status=415)


def _form_pairs(body: str) -> Pairs:
    if BAD_ESCAPE.search(body):
        raise TokenRefused("invalid_request", "the form has a % without two hexadecimal digits")
    try:
        return parse_qsl(body, keep_blank_values=True, errors="strict")
    except ValueError:
        raise TokenRefused("invalid_request", "the form is not UTF-8") from None


def _json_pairs(body: str) -> Pairs:
    """Return an object as its pairs, repeated names included; arrays stay lists."""
    try:
        document = json.loads(body, object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        raise TokenRefused("invalid_request", "the body is not JSON") from None
    if not isinstance(document, tuple):
        raise TokenRefused("invalid_request", "the body is not a JSON object")
    return document


def _checked(pairs: Pairs, grammar: Grammar) -> dict[str, str]:
    """Refuse a known parameter that comes twice or breaks its grammar; drop those left empty."""
    parameters: dict[str, str] = {}
    for name, value in pairs:
        if name not in grammar:
            continue
        if name in parameters:
            raise TokenRefused("invalid_request", f"{name} is given more than once")
        parameters[name] = _text(name, value, grammar[name])
    return {name: value for name, value in parameters.items() if value}


def _text(name: str, value: Any, form: re.Pattern[str]) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TokenRefused("invalid_request", f"{name} must be a string")
    if not form.fullmatch(value):
        raise TokenRefused("invalid_request", f"{name} has a character that it can't have")
    return value


def _with_basic(authorization: str, parameters: dict[str, str]) -> dict[str, str]:
    """Add the id and secret of HTTP Basic; any other scheme says nothing about a client."""
    scheme, _, credentials = authorization.strip().partition(" ")
    if scheme.lower() != "basic":
        return parameters
    if "client_id" in parameters or "client_secret" in parameters:
        raise TokenRefused("invalid_request", "the client authenticates in two ways at once")
    try:
        client_id, secret = base64.b64decode(credentials, validate=True).decode("ascii").split(":")
    except ValueError:
        raise TokenRefused("invalid_client", "the Authorization header is malformed") from None
    pairs = {"client_id": unquote_plus(client_id), "client_secret": unquote_plus(secret)}
    return parameters | _checked(pairs.items(), CLIENT)


def requested_scopes(scope: str) -> str:
    """Return the scopes that can be granted or refused here, as OAuth writes them.

    The command line puts commas between scopes, which none of ours has in its name, and js-auth
    asks for `market:all` if it is told no scope. RFC 6749, section 3.3, allows to ignore what has
    no meaning here: the answer says which scopes the token has. Any other stays.
    """
    names = scope.replace(",", " ").split()
    return " ".join(name for name in names if not name.startswith(SHOP_SCOPES))
