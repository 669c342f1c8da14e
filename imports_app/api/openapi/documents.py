"""JSON:API documents: what surrounds the resource objects."""

from collections.abc import Collection
from typing import Any

from imports_app.api.openapi.schemas import JsonSchema, record

URI: JsonSchema = {"type": "string", "format": "uri"}
PAGE_LINK: JsonSchema = {"type": ["string", "null"], "format": "uri"}
COUNT: JsonSchema = {"type": "integer", "minimum": 0}


def one(name: str, included: Collection[str] = ()) -> JsonSchema:
    """Return a document with one resource of that component, and perhaps `included` ones."""
    return _compound({"data": _reference(name)}, included)


def page(name: str, included: Collection[str] = ()) -> JsonSchema:
    """Return a document with a page of resources of that component."""
    data = {"type": "array", "items": _reference(name)}
    links, meta = _reference("PageLinks"), _reference("PageMeta")
    return _compound({"data": data, "links": links, "meta": meta}, included)


def page_schemas() -> dict[str, JsonSchema]:
    """Return the components of a page."""
    links = {"first": URI, "last": URI, "prev": PAGE_LINK, "next": PAGE_LINK}
    return {
        "PageLinks": record(links),
        "PageMeta": record({"record_count": COUNT, "page_count": COUNT}),
    }


def _compound(members: dict[str, Any], included: Collection[str]) -> JsonSchema:
    document = record(members)
    if included:
        resources = [_reference(name) for name in sorted(included)]
        items = resources[0] if len(resources) == 1 else {"anyOf": resources}
        document["properties"]["included"] = {"type": "array", "items": items}
    return document


def _reference(name: str) -> JsonSchema:
    return {"$ref": f"#/components/schemas/{name}"}
