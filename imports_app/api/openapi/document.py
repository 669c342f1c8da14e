"""The whole document."""

from functools import cache
from typing import Any

from imports_app.addresses import root
from imports_app.api.openapi.documents import page_schemas
from imports_app.api.openapi.errors import error_responses, error_schemas
from imports_app.api.openapi.event_schemas import event_schemas
from imports_app.api.openapi.examples import add_examples
from imports_app.api.openapi.imports import import_schemas
from imports_app.api.openapi.operations import limit_headers
from imports_app.api.openapi.paths import paths
from imports_app.api.openapi.records import record_schemas
from imports_app.api.openapi.resources import other_schemas
from imports_app.callers import caller_source
from imports_app.conf import conf
from imports_app.registry import importers

DESCRIPTION = """Bulk imports over JSON:API 1.1.

Media type `application/vnd.api+json` both ways; `application/json` is accepted. A path answers
with a slash at its end too. A method that a path doesn't have is a 405.{modes} A parameter whose
name is of lower-case letters only, and that isn't described, is a 400.

A body may be gzipped, with `Content-Encoding: gzip`; limits hold for its unpacked size. An answer
is gzipped for a client that accepts it."""


@cache
def openapi_document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document; made once."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Imports API", "version": "1.0.0", "description": _description()},
        "servers": [{"url": root().rstrip("/") or "/"}],
        "paths": paths(),
        "components": {
            "schemas": _schemas(),
            "responses": error_responses(),
            "headers": limit_headers(),
            "securitySchemes": dict([caller_source().security()]),
        },
    }
    add_examples(document)
    return document


def _description() -> str:
    modes = " A client is live or test\nand sees nothing of the other mode." if conf.modes else ""
    return DESCRIPTION.format(modes=modes)


def _schemas() -> dict[str, Any]:
    schemas = {
        **import_schemas(),
        **other_schemas(),
        **event_schemas(),
        **caller_source().schemas(),
        **page_schemas(),
        **error_schemas(),
    }
    for importer in importers:
        schemas |= record_schemas(importer)
    return schemas
