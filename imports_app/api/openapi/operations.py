"""Operations: what OpenAPI says of one method of one path."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from imports_app.api.errors import MEDIA_TYPE
from imports_app.api.openapi.errors import LIMITS, RATE, URI_TOO_LONG, refusals
from imports_app.api.openapi.schemas import JsonSchema
from imports_app.callers import caller_source
from imports_app.outputs.workbook import MEDIA_TYPE as XLSX

JSON = "application/json"
CSV = "text/csv"
ASKS_FOR_FILE = "`Accept: text/csv`, or that of xlsx, asks for the file, which has no pages."
ETAG = {
    "description": "Identifies the version that the answer shows.",
    "schema": {"type": "string"},
}

Operation = dict[str, Any]
Paths = dict[str, dict[str, Operation]]


def operation(  # noqa: PLR0913  (the members of an operation)
    id_: str,
    summary: str,
    *,
    tag: str,
    answers: Mapping[str, Any],
    scope: str | None = None,
    parameters: Sequence[Mapping[str, Any]] = (),
    body: Mapping[str, Any] | None = None,
    refused: Collection[int] = (),
    description: str = "",
) -> Operation:
    """Return an operation that needs a token with this scope, or any token if that is None.

    `refused` are the statuses of errors besides those that every such operation may answer with.
    """
    every = {400, 401, 406, 429, 503} | ({403} if scope else set())
    made: Operation = {
        "operationId": id_,
        "summary": summary,
        "tags": [tag],
        "security": [_security(scope)],
        "parameters": list(parameters),
        "responses": {
            **_limited(answers),
            **refusals(every | set(refused)),
            "414": URI_TOO_LONG,
        },
    }
    if body:
        made["requestBody"] = body
    return made | ({"description": description} if description else {})


def _security(scope: str | None) -> dict[str, list[str]]:
    """Return the security requirement; only that of OAuth has scopes."""
    name, scheme = caller_source().security()
    return {name: [scope] if scope and scheme["type"] == "oauth2" else []}


def public(
    id_: str, summary: str, *, tag: str, answers: Mapping[str, Any], **others: Any
) -> Operation:
    """Return an operation that needs no token."""
    named = {"operationId": id_, "summary": summary, "tags": [tag], "security": []}
    return {**named, **others, "responses": dict(answers)}


def document(
    description: str, schema: JsonSchema, headers: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return an answer that is a JSON:API document, under either of its media types."""
    answer: dict[str, Any] = {
        "description": description,
        "content": {MEDIA_TYPE: {"schema": schema}, JSON: {"schema": schema}},
    }
    return answer | ({"headers": dict(headers)} if headers else {})


def file(description: str, *media_types: str) -> dict[str, Any]:
    """Return an answer that is a file, a CSV unless said otherwise."""
    disposition = {"description": "The file's name.", "schema": {"type": "string"}}
    return {
        "description": description,
        "content": {name: {"schema": {"type": "string"}} for name in media_types or (CSV,)},
        "headers": {"Content-Disposition": disposition},
    }


def page_or_file(rows: dict[str, Any], text: str) -> dict[str, Any]:
    """Describe an answer that is a page of rows, or all of them as a file."""
    files = file(text, CSV, XLSX)
    return {**rows, **files, "content": {**rows["content"], **files["content"]}}


def tagged(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers of an operation that gives a single resource, with its entity tag."""
    headers = {"ETag": ETAG}
    return {
        "200": {**answer, "headers": {**answer.get("headers", {}), **headers}},
        "304": {"description": "It is unchanged since If-None-Match.", "headers": headers},
    }


def request_body(name: str, description: str, *, required: bool = True) -> dict[str, Any]:
    """Return a body of that component, under either of its media types."""
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {
        "description": description,
        "required": required,
        "content": {MEDIA_TYPE: {"schema": schema}, JSON: {"schema": schema}},
    }


def limit_headers() -> dict[str, Any]:
    """Return the components of the rate headers, by which clients know what they have left."""
    meanings = (
        "Requests that a client may make in an interval.",
        "The interval, in seconds.",
        "Requests left in the interval.",
    )
    schema = {"type": "integer", "minimum": 0}
    return {
        name: {"description": meaning, "schema": schema}
        for name, meaning in zip(LIMITS, meanings, strict=True)
    }


def _limited(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        status: {**answer, "headers": {**answer.get("headers", {}), **RATE}}
        for status, answer in answers.items()
    }
