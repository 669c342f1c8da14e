"""Refusals: the error object, and which of them an operation may answer."""

from collections.abc import Iterable
from typing import Any

from imports_app.api.errors import MEDIA_TYPE, STANDARD
from imports_app.api.openapi.schemas import JsonSchema, optional, record
from imports_app.conf import conf

TEXT: JsonSchema = {"type": "string"}
WHEN = {
    400: "The request can't be read, or a parameter means nothing here.",
    401: "There is no usable token (`UNAUTHORIZED`), or it is expired, revoked or unknown "
    "(`INVALID_TOKEN`): get another one.",
    403: "The token or its client lacks the scope.",
    404: "There is no such thing" + (", or it is of the other mode." if conf.modes else "."),
    406: "None of the accepted media types can be given.",
    409: "The type or the id of the resource is another, there is a retry already, or an equal "
    "request is under way.",
    412: "The resource is of another version than If-Match lets through.",
    413: "The body is larger than the limit.",
    415: "The body is of a media type or encoding that is not accepted.",
    422: "Attributes are invalid; there is an error for each of them.",
    423: "The import is in a state in which this can't be done.",
    429: "Too many requests, or too many active imports: try again later.",
    503: "The database is away: try again later.",
}
# Said by the web server, before there is a request that anybody could answer.
URI_TOO_LONG = {
    "description": "The URL is longer than the web server takes.",
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
        "detail": {**TEXT, "description": "`<attribute> - <message>` where one is to blame."},
        "code": {**TEXT, "description": "What happened, for programs."},
        "status": {**TEXT, "pattern": r"^[45]\d\d$"},
        "source": {**optional({"pointer": TEXT, "parameter": TEXT}), "minProperties": 1},
        "meta": {
            "type": "object",
            "description": "Of a validation error: the rule that is broken and what was sent.",
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
