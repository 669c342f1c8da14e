"""Every refusal as a JSON:API error document."""

import json
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    BadRequest,
    DisallowedHost,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse, UnreadablePostError
from rest_framework import exceptions

from imports_app.exceptions import ApprovalNeeded, BeyondSheets, NotPermitted
from imports_app.telemetry.logs import throttled

MEDIA_TYPE = "application/vnd.api+json"
MAX_ECHO = 255  # characters of a refused string that are sent back
RETRY_AFTER_OUTAGE = "5"  # seconds
UNKNOWN_HOST = "The Host header names a host that is not among the service's ALLOWED_HOSTS."

# The code and title of an error that has none of its own.
STANDARD: Mapping[int, tuple[str, str]] = {
    400: ("MALFORMED_REQUEST", "Malformed request"),
    401: ("UNAUTHORIZED", "Unauthorized"),
    403: ("FORBIDDEN", "Forbidden"),
    404: ("RECORD_NOT_FOUND", "Record not found"),
    405: ("METHOD_NOT_ALLOWED", "Method not allowed"),
    406: ("NOT_ACCEPTABLE", "Not acceptable"),
    408: ("REQUEST_TIMEOUT", "Request timeout"),
    409: ("CONFLICT", "Conflict"),
    412: ("PRECONDITION_FAILED", "Precondition failed"),
    413: ("PAYLOAD_TOO_LARGE", "Payload too large"),
    414: ("URI_TOO_LONG", "URI too long"),
    415: ("UNSUPPORTED_MEDIA_TYPE", "Unsupported media type"),
    422: ("VALIDATION_ERROR", "Validation error"),
    423: ("LOCKED", "Locked"),
    429: ("TOO_MANY_REQUESTS", "Too many requests"),
    431: ("HEADERS_TOO_LARGE", "Headers too large"),
    500: ("INTERNAL_SERVER_ERROR", "Internal server error"),
    503: ("SERVICE_UNAVAILABLE", "Service unavailable"),
    507: ("INSUFFICIENT_STORAGE", "Insufficient storage"),
}

# DRF's names of rules that have another name in our errors.
ALIASES = {"required": "blank", "null": "blank", "max_length": "too_long"}

# The statuses of errors that Django raises by itself; the first that fits counts.
DJANGO_STATUS: Sequence[tuple[type[Exception], int]] = (
    (Http404, 404),
    (PermissionDenied, 403),
    (RequestDataTooBig, 413),
    (SuspiciousOperation, 400),
    (BadRequest, 400),
    (UnreadablePostError, 400),  # the client went away while it sent the body
    (OperationalError, 503),
    (InterfaceError, 503),
)


class ApiError(exceptions.APIException):
    """One refusal. `pointer` is a JSON pointer into the body, `parameter` a query parameter."""

    def __init__(  # noqa: PLR0913  (the members of an error object)
        self,
        status_code: int,
        code: str,
        title: str,
        *,
        detail: str | None = None,
        pointer: str | None = None,
        parameter: str | None = None,
        meta: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or title, code)
        self.status_code = status_code
        self.code = code
        self.title = title
        self.pointer = pointer
        self.parameter = parameter
        self.meta = meta
        self.headers = headers or {}

    def as_object(self) -> dict[str, Any]:
        """Return the error object of JSON:API; `status` is a string there."""
        error: dict[str, Any] = {
            "title": self.title,
            "detail": str(self.detail),
            "code": self.code,
            "status": str(self.status_code),
        }
        if self.pointer is not None:
            error["source"] = {"pointer": self.pointer}
        elif self.parameter is not None:
            error["source"] = {"parameter": self.parameter}
        if self.meta is not None:
            error["meta"] = dict(self.meta)
        return error


class ApiErrors(exceptions.APIException):
    """Several errors in one answer; if their statuses differ, the answer is a 400 (JSON:API)."""

    def __init__(self, errors: Sequence[ApiError]) -> None:
        super().__init__("; ".join(str(error.detail) for error in errors))
        self.errors = errors
        statuses = {error.status_code for error in errors}
        self.status_code = statuses.pop() if len(statuses) == 1 else HTTPStatus.BAD_REQUEST


def validation_error(
    attribute: str, error: str, message: str, *, value: Any = None, pointer: str | None = None
) -> ApiError:
    """Return a 422 about an attribute. `error` is the rule's short name, `value` what was sent."""
    return ApiError(
        422,
        "VALIDATION_ERROR",
        message,
        detail=f"{attribute} - {message}",
        pointer=pointer or f"/data/attributes/{escaped(attribute)}",
        meta={"error": error, "value": None if _may_be_rows(attribute, value) else _echo(value)},
    )


def validation_errors(detail: Any, sent: Mapping[str, Any]) -> list[ApiError]:
    """Return one 422 for each error in `detail`, which nests errors as DRF's serializers do."""
    return list(_flattened(detail, sent))


def standard_error(status: int, detail: str | None = None, **source: Any) -> ApiError:
    """Return an error with the standard code and title of that status, or of its class."""
    family = 500 if status >= HTTPStatus.INTERNAL_SERVER_ERROR else 400
    code, title = STANDARD.get(status, STANDARD[family])
    return ApiError(status, code, title, detail=detail, **source)


def error_response(errors: Sequence[ApiError], status: int | None = None) -> HttpResponse:
    """Return the answer. It needs no renderer, so it can be given even if negotiation failed."""
    body = json.dumps({"errors": [error.as_object() for error in errors]}, ensure_ascii=True)
    response = HttpResponse(
        body.encode(), status=status or errors[0].status_code, content_type=MEDIA_TYPE
    )
    for error in errors:
        for name, value in error.headers.items():
            response[name] = value
    return response


def exception_handler(exc: Exception, context: Mapping[str, Any]) -> HttpResponse | None:  # noqa: ARG001
    """Answer an exception; DRF's hook. None for an unforeseen one, which is logged as a 500."""
    if isinstance(exc, ApiErrors):
        return error_response(exc.errors, exc.status_code)
    if isinstance(exc, exceptions.ValidationError):
        return error_response(validation_errors(exc.detail, {}))
    error = _as_api_error(exc)
    return None if error is None else error_response([error])


def _as_api_error(exc: Exception) -> ApiError | None:
    if own := _of_ours(exc):
        return own
    if isinstance(exc, exceptions.APIException):
        return _from_rest_framework(exc)
    status = next((status for kind, status in DJANGO_STATUS if isinstance(exc, kind)), None)
    if status is None:
        return None
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        throttled.warning("The database does not answer: %r", exc)
        return standard_error(status, headers={"Retry-After": RETRY_AFTER_OUTAGE})
    return standard_error(status, UNKNOWN_HOST if isinstance(exc, DisallowedHost) else None)


def _of_ours(exc: Exception) -> ApiError | None:
    """Return the answer to those of our errors that mean the same in every view."""
    if isinstance(exc, ApiError):
        return exc
    if isinstance(exc, NotPermitted | ApprovalNeeded):
        return standard_error(403, str(exc), meta=exc.meta)
    if isinstance(exc, BeyondSheets):
        return standard_error(406, f"{exc} Ask for CSV.")
    return None


def _from_rest_framework(exc: exceptions.APIException) -> ApiError:
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(wait)
    if isinstance(exc, exceptions.AuthenticationFailed):
        title = "The access token is invalid"
        return ApiError(401, "INVALID_TOKEN", title, detail=str(exc.detail), headers=headers)
    return standard_error(exc.status_code, str(exc.detail), headers=headers)


def _flattened(
    detail: Any, sent: Mapping[str, Any], path: tuple[str, ...] = ()
) -> Iterator[ApiError]:
    if isinstance(detail, Mapping):
        for name, nested in detail.items():
            yield from _flattened(nested, sent, (*path, str(name)))
    elif isinstance(detail, list):
        for index, nested in enumerate(detail):
            inner = path if isinstance(nested, str) else (*path, str(index))
            yield from _flattened(nested, sent, inner)
    else:
        name = path[0] if path else "data"
        yield validation_error(
            name,
            ALIASES.get(detail.code, detail.code),
            str(detail),
            value=sent.get(name),
            pointer="/".join(("/data/attributes", *map(escaped, path))) if path else "/data",
        )


def escaped(name: str) -> str:
    """Return a member's name as a token of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def _may_be_rows(attribute: str, value: Any) -> bool:
    """Return whether the value may hold rows: text in place of the inputs is probably a CSV."""
    return attribute == "inputs" and isinstance(value, str)


def _echo(value: Any) -> Any:
    """Return the value that was sent, unless it is too long or nested to be sent back."""
    if isinstance(value, str):
        return value if len(value) <= MAX_ECHO else None
    return value if isinstance(value, bool | float | int) else None
