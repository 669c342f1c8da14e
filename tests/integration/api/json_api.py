"""What JSON:API 1.1 asks of every document, whatever it is about."""

import re
from typing import Any

TOP_LEVEL = {"data", "errors", "meta", "jsonapi", "links", "included"}
RESOURCE = {"type", "id", "attributes", "relationships", "links", "meta"}
ERROR = {"id", "links", "status", "code", "title", "detail", "source", "meta"}
NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?")


def check_document(document: Any) -> None:
    """Top level: https://jsonapi.org/format/1.1/#document-top-level."""
    assert document.keys() <= TOP_LEVEL
    assert ("data" in document) != ("errors" in document)
    for link in document.get("links", {}).values():
        _check_link(link)
    data = document.get("data")
    for resource in data if isinstance(data, list) else [data] if data else []:
        check_resource(resource)
    for error in document.get("errors", []):
        check_error(error)


def check_resource(resource: Any) -> None:
    """https://jsonapi.org/format/1.1/#document-resource-objects."""
    assert resource.keys() <= RESOURCE
    assert isinstance(resource["id"], str)
    assert isinstance(resource["type"], str)
    attributes, relationships = resource["attributes"], resource.get("relationships", {})
    fields = [*attributes, *relationships]
    assert len(fields) == len(set(fields)), "attributes and relationships share one namespace"
    assert not {"id", "type"} & set(fields)
    assert all(NAME.fullmatch(name) for name in [*resource, *fields])
    for link in resource.get("links", {}).values():
        _check_link(link)
    for relationship in relationships.values():
        _check_relationship(relationship)


def check_error(error: Any) -> None:
    """https://jsonapi.org/format/1.1/#error-objects."""
    assert error
    assert error.keys() <= ERROR
    assert all(isinstance(error[name], str) for name in ("status", "code", "title", "detail"))
    assert error.get("source", {}).keys() <= {"pointer", "parameter", "header"}
    assert isinstance(error.get("meta", {}), dict)


def _check_relationship(relationship: Any) -> None:
    """https://jsonapi.org/format/1.1/#document-resource-object-relationships."""
    assert relationship.keys() & {"links", "data", "meta"}
    data = relationship.get("data") or []
    for identifier in data if isinstance(data, list) else [data]:
        assert identifier.keys() <= {"type", "id", "meta"}
        assert isinstance(identifier["type"], str)
        assert isinstance(identifier["id"], str)


def _check_link(link: Any) -> None:
    """https://jsonapi.org/format/1.1/#document-links: a string, an object with href, or null."""
    assert link is None or isinstance(link, str) or "href" in link
