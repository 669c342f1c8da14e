"""The parameters of requests."""

from collections.abc import Collection
from typing import Any

from rest_framework.filters import BaseFilterBackend

from imports_app.api.idempotency import HEADER, MAX_LENGTH
from imports_app.api.pagination import PageNumberPagination
from imports_app.api.parameters import INCLUDE

Parameter = dict[str, Any]

PAGE: list[Parameter] = [
    {
        "name": "page[number]",
        "in": "query",
        "description": "The number of the page; one past the end is empty.",
        "schema": {"type": "integer", "minimum": 1, "default": 1},
    },
    {
        "name": "page[size]",
        "in": "query",
        "description": "The number of resources on a page.",
        "schema": {
            "type": "integer",
            "minimum": 1,
            "maximum": PageNumberPagination.max_page_size,
            "default": PageNumberPagination.page_size,
        },
    },
]
IDEMPOTENCY_KEY: Parameter = {
    "name": HEADER,
    "in": "header",
    "description": "Makes the request safe to be sent again: the same key with the same body gives "
    "the import that was made first, with another body a 422.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_LENGTH},
}


IF_NONE_MATCH: Parameter = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of an earlier answer: if it is still current, the answer is a 304.",
    "schema": {"type": "string"},
}
IF_MATCH: Parameter = {
    "name": "If-Match",
    "in": "header",
    "description": "The `meta.version` that is expected, in quotes, or an ETag, of which the "
    "version is a part: if it is another, nothing is done and the answer is a 412.",
    "schema": {"type": "string"},
}
SIGNATURE: Parameter = {
    "name": "signature",
    "in": "query",
    "required": True,
    "description": "Part of the URL that the import shows; it expires.",
    "schema": {"type": "string"},
}
CLIENT: Parameter = {
    "name": "client",
    "in": "query",
    "description": "Part of that URL, too: the client that it was shown to.",
    "schema": {"type": "string"},
}


def in_path(name: str, description: str) -> Parameter:
    """Return a parameter in the path."""
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string", "minLength": 1},
    }


def fields(type_: str) -> Parameter:
    """Return the parameter of that type's sparse fieldset."""
    return {
        "name": f"fields[{type_}]",
        "in": "query",
        "description": "Attributes and relationships to answer with, separated by commas; names "
        "that don't exist are ignored. What isn't asked for costs nothing.",
        "schema": {"type": "string"},
    }


def include(relations: Collection[str]) -> list[Parameter]:
    """Return the parameter that includes the targets of these relations, if there are any."""
    if not relations:
        return []
    relation = f"({'|'.join(relations)})"
    return [
        {
            "name": INCLUDE,
            "in": "query",
            "description": "Relationships, separated by commas, whose resources the answer has in "
            f"`included`: {', '.join(relations)}.",
            "schema": {"type": "string", "pattern": f"^{relation}(,{relation})*$"},
        }
    ]


def of_listing(view: Any) -> list[Parameter]:
    """Return the parameters by which the view's listing is filtered, sorted and paged."""
    backends: list[type[BaseFilterBackend]] = view.filter_backends
    described = [backend().get_schema_operation_parameters(view) for backend in backends]
    return [*PAGE, *(parameter for parameters in described for parameter in parameters)]
