"""`/oauth/token`, which answers as OAuth 2 has it rather than JSON:API."""

from typing import Any

from imports_app.api.oauth.parameters import FORM
from imports_app.api.oauth.parameters import JSON as JSON_TYPES
from imports_app.api.openapi.errors import WHEN
from imports_app.api.openapi.operations import JSON, Operation, public
from imports_app.api.openapi.schemas import JsonSchema, optional, record

TEXT: JsonSchema = {"type": "string"}
GRANT = "client_credentials"
REFUSED = (400, 401, 413, 415, 429, 503)


def token_schemas() -> dict[str, JsonSchema]:
    """The components of a token request."""
    integer = {"type": "integer"}
    request = {
        "grant_type": {"const": GRANT},
        "client_id": {**TEXT, "description": "In the body, or by HTTP Basic."},
        "client_secret": TEXT,
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
        "TokenRefusal": record(refusal),
    }


def token_operation() -> Operation:
    """How a client gets its token."""
    schema = {"$ref": "#/components/schemas/TokenRequest"}
    return public(
        "createToken",
        "Change a client's id and secret for an access token",
        tag="token",
        requestBody={
            "required": True,
            "content": {type_: {"schema": schema} for type_ in (FORM, *JSON_TYPES)},
        },
        answers={
            "200": _answer("The token.", "Token"),
            **{str(status): _answer(WHEN[status], "TokenRefusal") for status in REFUSED},
        },
    )


def _answer(description: str, name: str) -> dict[str, Any]:
    content = {JSON: {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    return {"description": description, "content": content}
