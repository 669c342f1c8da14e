"""Describes requests whose body is a file."""

from typing import Any

from imports_app.api.imports.files import FORMATS
from imports_app.api.imports.mended import OF_FILE
from imports_app.api.imports.query import NESTED, accepted
from imports_app.api.openapi.operations import request_body
from imports_app.models.attributes import ATTRIBUTES


def import_body() -> dict[str, Any]:
    """Describe the body of a create: a document, or a file of any accepted media type."""
    body = request_body("ImportCreate", "What to import. It may be gzipped.")
    file: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
    files = {name: file for name in FORMATS if name not in body["content"]}
    return {**body, "content": {**body["content"], **files}}


def mended_body() -> dict[str, Any]:
    """Describe the body of a retry: a document, or a file."""
    body = request_body("ImportRetry", "No attribute is required.", required=False)
    return {**body, "content": {**import_body()["content"], **body["content"]}}


def mended_parameters() -> list[dict[str, Any]]:
    """Return the attributes in the query of a retry whose body is a file."""
    return [_nested(name) if name in NESTED else _plain(name) for name in OF_FILE]


def file_parameters() -> list[dict[str, Any]]:
    """Return the attributes in the query of a create whose body is a file."""
    return [_nested(name) if name in NESTED else _plain(name) for name in accepted()]


def _plain(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": f"With a file as the body. {ATTRIBUTES[name].description}",
        "schema": {"type": "string"},
    }


def _nested(name: str) -> dict[str, Any]:
    described = {**_plain(name), "schema": {"type": "object"}}
    return {**described, "style": "deepObject", "explode": True}
