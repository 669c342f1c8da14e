"""Errors: the error object, and the errors that an operation may answer with."""

from collections.abc import Iterable
from typing import Any

from imports_app.api.errors import MEDIA_TYPE, STANDARD
from imports_app.api.openapi.schemas import JsonSchema, optional, record
from imports_app.conf import conf

TEXT: JsonSchema = {"type": "string"}
WHEN = {
    400: "The request can't be read, or it has an unknown parameter.",
    401: "There is no token (`UNAUTHORIZED`), or it is expired, revoked or unknown "
    "(`INVALID_TOKEN`): get another one.",
    403: "The token or its client lacks the scope.",
    404: "The resource does not exist" + (", or it is of the other mode." if conf.modes else "."),
    406: "None of the accepted media types is available.",
    409: "The type or the id of the resource doesn't match, there is a retry already, or an equal "
    "request is under way.",
    412: "The version of the resource doesn't match If-Match.",
    413: "The body is larger than the limit.",
    415: "The body is of a media type or encoding that is not accepted.",
    422: "Attributes are invalid; there is an error for each of them.",
    423: "The state of the import doesn't allow this.",
    429: "Too many requests, or too many active imports: try again later.",
    503: "The database is not available: try again later.",
}
# Answered by the web server, before the application sees the request.
URI_TOO_LONG = {
    "description": "The URL is too long for the web server.",
    "content": {"text/html": {"schema": TEXT}},
}
RETRY_AFTER = {"description": "Seconds to wait.", "schema": {"type": "string"}}
LIMITS = ("x-ratelimit-limit", "x-ratelimit-interval", "x-ratelimit-remaining")
RATE = {name: {"$ref": f"#/components/headers/{name}"} for name in LIMITS}
HEADERS = {
    401: {"WWW-Authenticate": {"description": "RFC 6750.", "schema": TEXT}},
    429: {"Retry-After": RETRY_AFTER, **RATE},
    503: {"Retry-After": RETRY_AFTER},
}


def error_schemas() -> dict[str, JsonSchema]:
    """Return the components of a refusal."""
    members = ("title", "detail", "code", "status")
    error = record(dict.fromkeys(members, TEXT))
    error["properties"] = {
        "title": {**TEXT, "description": "The message."},
        "detail": {
            **TEXT,
            "description": "`<attribute> - <message>` if the error is about an attribute.",
        },
        "code": {**TEXT, "description": "What happened, for programs."},
        "status": {**TEXT, "pattern": r"^[45]\d\d$"},
        "source": {**optional({"pointer": TEXT, "parameter": TEXT}), "minProperties": 1},
        "meta": {
            "type": "object",
            "description": "For a validation error: the violated rule, and what was sent.",
        },
    }
    errors = {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Error"}}
    return {"Error": error, "Errors": record({"errors": errors})}


def error_responses() -> dict[str, Any]:
    """Return the component responses, by the names that `refusals` refers to."""
    return {_name(status): _response(status, description) for status, description in WHEN.items()}


def refusals(statuses: Iterable[int]) -> dict[str, Any]:
    """Return an operation's refusals by status."""
    return {
        str(status): {"$ref": f"#/components/responses/{_name(status)}"}
        for status in sorted(statuses)
    }


def _name(status: int) -> str:
    return STANDARD[status][0]


def _response(status: int, description: str) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Errors"}}}
    response = {"description": description, "content": content}
    return response | ({"headers": HEADERS[status]} if status in HEADERS else {})
