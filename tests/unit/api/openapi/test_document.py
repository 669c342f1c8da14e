import re
from collections.abc import Iterator
from typing import Any

import pytest

from imports_app.api.errors import MEDIA_TYPE
from imports_app.api.openapi.document import openapi_document
from imports_app.importer import Importer
from imports_app.models.attributes import changeable, settable, shown
from imports_app.registry import importers

pytestmark = pytest.mark.backend


@pytest.fixture
def document() -> dict[str, Any]:
    return openapi_document()


@pytest.fixture
def schemas(document: dict[str, Any]) -> Any:
    return document["components"]["schemas"]


def operations(document: dict[str, Any]) -> list[Any]:
    return [operation for methods in document["paths"].values() for operation in methods.values()]


def test_no_two_operations_have_one_id(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for operation in operations(document)]

    assert len(ids) == len(set(ids))


def test_an_import_is_called_imports(schemas: Any) -> None:
    assert schemas["Import"]["properties"]["type"] == {"const": "imports"}
    for name in ("ImportCreate", "ImportUpdate", "ImportRetry"):
        data = schemas[name]["properties"]["data"]
        assert data["properties"]["type"] == {"const": "imports"}


def test_an_import_is_shown_created_and_changed_with_its_own_attributes(schemas: Any) -> None:
    answered = schemas["Import"]["properties"]["attributes"]["properties"]
    create = schemas["ImportCreate"]["properties"]["data"]["properties"]["attributes"]
    update = schemas["ImportUpdate"]["properties"]["data"]["properties"]["attributes"]

    assert tuple(answered) == shown()
    assert tuple(create["properties"]) == settable()
    assert create["required"] == ["resource_type", "inputs"]
    assert tuple(update["properties"]) == changeable()
    assert all(attribute["description"] for attribute in answered.values())


def test_only_what_is_public_or_signed_needs_no_token(document: dict[str, Any]) -> None:
    public = {
        operation["operationId"]
        for operation in operations(document)
        if operation["security"] == []
    }

    assert public == {"createToken", "revokeToken", "retrieveSchema", "downloadAttachment"}


def test_every_operation_with_a_token_may_refuse(document: dict[str, Any]) -> None:
    for operation in operations(document):
        if operation["security"]:
            assert operation["responses"].keys() >= {"400", "401", "406", "429", "503"}


@pytest.mark.parametrize("importer", importers, ids=lambda importer: importer.resource_type)
def test_every_type_has_its_paths_its_records_and_its_rows(
    document: dict[str, Any], importer: Importer
) -> None:
    name = importer.resource_type
    schemas = document["components"]["schemas"]

    for path in ("", "/{id}", "/template.csv", "/template.xlsx"):
        assert f"/api/{name}{path}" in document["paths"]
    attributes = schemas[name]["properties"]["attributes"]["properties"]
    assert attributes
    assert attributes.keys().isdisjoint(importer.secret)
    assert schemas[f"{name}_row"]["properties"].keys() >= {"id", *attributes} - {
        "created_at",
        "updated_at",
    }


def test_a_listing_says_what_it_can_be_asked(document: dict[str, Any]) -> None:
    parameters = {
        parameter["name"]: parameter
        for parameter in document["paths"]["/api/imports"]["get"]["parameters"]
    }

    assert parameters.keys() == {
        "page[number]",
        "page[size]",
        "filter",
        "sort",
        "fields[imports]",
        "include",
    }
    name = re.compile(parameters["filter"]["schema"]["propertyNames"]["pattern"])
    assert name.search("filter[q][status_eq]")
    assert not name.search("status_eq")
    assert parameters["page[size]"]["schema"]["maximum"] == 100
    sort = re.compile(parameters["sort"]["schema"]["pattern"])
    assert sort.search("-created_at,status")
    assert not sort.search("metadata")
    assert not sort.search("")


def test_a_type_says_what_can_be_included(document: dict[str, Any]) -> None:
    for path in ("/api/prices", "/api/prices/{id}"):
        operation = document["paths"][path]["get"]
        [include] = [each for each in operation["parameters"] if each["name"] == "include"]
        pattern = re.compile(include["schema"]["pattern"])
        assert pattern.search("sku,price_list")
        assert not pattern.search("skus")
        answer = operation["responses"]["200"]["content"][MEDIA_TYPE]["schema"]
        assert answer["properties"]["included"]["items"] == {
            "anyOf": [
                {"$ref": "#/components/schemas/price_lists"},
                {"$ref": "#/components/schemas/skus"},
            ]
        }
        assert "included" not in answer["required"]


def test_a_type_without_relations_says_nothing_of_including(document: dict[str, Any]) -> None:
    operation = document["paths"]["/api/shipping_categories"]["get"]

    assert "include" not in [each["name"] for each in operation["parameters"]]


def test_the_document_has_what_every_client_needs_to_know(document: dict[str, Any]) -> None:
    paths, components = document["paths"], document["components"]
    create, one = paths["/api/imports"]["post"], paths["/api/imports/{id}"]
    retry = paths["/api/imports/{id}/retry"]["post"]
    failures = paths["/api/imports/{id}/failures"]["get"]
    limits = {f"x-ratelimit-{name}" for name in ("limit", "interval", "remaining")}

    for operation in (create, retry):
        assert "Idempotency-Key" in [parameter["name"] for parameter in operation["parameters"]]
        assert "Idempotency-Replayed" in operation["responses"]["201"]["headers"]
        assert operation["responses"].keys() >= {"409", "422", "429", "503"}
    assert "423" in one["delete"]["responses"]
    assert "423" in retry["responses"]
    assert failures["responses"]["200"]["content"].keys() >= {"text/csv", MEDIA_TYPE}
    meta = components["schemas"]["Import"]["properties"]["meta"]["properties"]
    assert meta.keys() >= {"queue_position", "retry_of"}
    assert components["headers"].keys() == limits
    assert components["responses"]["TOO_MANY_REQUESTS"]["headers"].keys() == {
        "Retry-After",
        *limits,
    }
    assert "Retry-After" in components["responses"]["SERVICE_UNAVAILABLE"]["headers"]
    assert one["get"]["responses"]["200"]["headers"].keys() >= limits
    assert "Content-Encoding: gzip" in document["info"]["description"]


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in the document, at any depth."""
    inner = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    if isinstance(value, dict):
        yield value
    for one in inner:
        yield from nodes(one)


def test_references_lead_to_components_where_generators_look_for_them(
    document: dict[str, Any],
) -> None:
    references = {node["$ref"] for node in nodes(document) if isinstance(node.get("$ref"), str)}

    for reference in references:
        _, _, kind, name = reference.split("/")
        assert name in document["components"][kind]


def test_no_two_components_would_be_one_class(schemas: Any) -> None:
    names = [schema.get("title", name) for name, schema in schemas.items()]

    assert len(names) == len(set(names))


def test_no_boolean_is_a_constant_of_which_generators_make_no_code(schemas: Any) -> None:
    assert not [node for node in nodes(schemas) if isinstance(node.get("const"), bool)]
