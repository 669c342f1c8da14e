"""`/oauth`, where answers are as OAuth 2 has them rather than JSON:API."""

from typing import Any

from imports_app.api.openapi.errors import WHEN
from imports_app.api.openapi.operations import JSON, Operation, Paths, public
from imports_app.api.openapi.schemas import JsonSchema, optional, record
from imports_app.oauth.parameters import FORM
from imports_app.oauth.parameters import JSON as JSON_TYPES

TEXT: JsonSchema = {"type": "string"}
GRANT = "client_credentials"
REFUSED = (400, 401, 413, 415, 429, 503)


def token_paths() -> Paths:
    """Return the paths with their operations."""
    return {
        "/oauth/token": {"post": token_operation()},
        "/oauth/revoke": {"post": revocation_operation()},
    }


def token_schemas() -> dict[str, JsonSchema]:
    """Return the components of requests for a token, and to revoke one."""
    integer = {"type": "integer"}
    client = {
        "client_id": {**TEXT, "description": "In the body, or by HTTP Basic."},
        "client_secret": TEXT,
    }
    request = {
        "grant_type": {"const": GRANT},
        **client,
        "scope": {**TEXT, "description": "Separated by spaces; all of the client's by default."},
    }
    token = {
        "access_token": {**TEXT, "description": "A JWT."},
        "token_type": {"const": "bearer"},
        "expires_in": {**integer, "description": "Seconds."},
        "scope": TEXT,
        "created_at": {**integer, "description": "Seconds since 1970."},
    }
    errors = {"type": "array", "items": {"$ref": "#/components/schemas/Error"}}
    refusal = {"error": TEXT, "error_description": TEXT, "errors": errors}
    return {
        "TokenRequest": {**optional(request), "required": ["grant_type"]},
        "Token": record(token),
        "Revocation": {**optional({**client, "token": TEXT}), "required": ["token"]},
        "Revoked": record({}),
        "TokenRefusal": record(refusal),
    }


def token_operation() -> Operation:
    """Return the operation by which a client gets its token."""
    return _operation(
        "createToken",
        "Exchange a client's id and secret for an access token",
        "TokenRequest",
        _answer("The token.", "Token"),
    )


def revocation_operation() -> Operation:
    """Return the operation by which a client gives its token back."""
    return _operation(
        "revokeToken",
        "Revoke an access token of the client's own (RFC 7009)",
        "Revocation",
        _answer("The token is invalid now, whether or not it existed.", "Revoked"),
    )


def _operation(id_: str, summary: str, request: str, success: dict[str, Any]) -> Operation:
    schema = {"$ref": f"#/components/schemas/{request}"}
    return public(
        id_,
        summary,
        tag="token",
        requestBody={
            "required": True,
            "content": {type_: {"schema": schema} for type_ in (FORM, *JSON_TYPES)},
        },
        answers={
            "200": success,
            **{str(status): _answer(WHEN[status], "TokenRefusal") for status in REFUSED},
        },
    )


def _answer(description: str, name: str) -> dict[str, Any]:
    content = {JSON: {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    return {"description": description, "content": content}
