"""JSON:API documents: what stands around the resource objects."""

from imports_app.api.openapi.schemas import JsonSchema, record

URI: JsonSchema = {"type": "string", "format": "uri"}
PAGE_LINK: JsonSchema = {"type": ["string", "null"], "format": "uri"}
COUNT: JsonSchema = {"type": "integer", "minimum": 0}


def one(name: str) -> JsonSchema:
    """A document with one resource of that component."""
    return record({"data": _reference(name)})


def page(name: str) -> JsonSchema:
    """A document with a page of resources of that component."""
    data = {"type": "array", "items": _reference(name)}
    return record({"data": data, "links": _reference("PageLinks"), "meta": _reference("PageMeta")})


def page_schemas() -> dict[str, JsonSchema]:
    """The components of a page."""
    links = {"first": URI, "last": URI, "prev": PAGE_LINK, "next": PAGE_LINK}
    return {
        "PageLinks": record(links),
        "PageMeta": record({"record_count": COUNT, "page_count": COUNT}),
    }


def _reference(name: str) -> JsonSchema:
    return {"$ref": f"#/components/schemas/{name}"}
