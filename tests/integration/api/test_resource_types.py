import pytest
from jsonschema import Draft202012Validator

from imports_app.importer import Importer
from imports_app.registry import importers
from tests.factories.clients import ApiClientFactory
from tests.integration.api.caller import Caller

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PATH = "/api/resource_types"


def test_every_registered_type_is_listed_by_name(caller: Caller) -> None:
    document = caller.get(f"{PATH}?page[size]=25").document

    assert [resource["id"] for resource in document["data"]] == [
        importer.resource_type for importer in list(importers)[:25]
    ]
    assert document["meta"]["record_count"] == len(importers)


def test_the_listing_has_pages(caller: Caller) -> None:
    names = [importer.resource_type for importer in importers]

    document = caller.get(f"{PATH}?page[size]=2&page[number]=2").document

    assert [resource["id"] for resource in document["data"]] == names[2:4]
    assert document["meta"] == {"record_count": len(names), "page_count": -(-len(names) // 2)}
    assert "page%5Bnumber%5D=1" in document["links"]["prev"]
    assert caller.get(f"{PATH}?page[number]={'9' * 100}").data == []


def test_a_type_says_how_its_records_are_found_and_what_they_belong_to(caller: Caller) -> None:
    resource = caller.get(f"{PATH}/prices").data

    assert resource["type"] == "resource_types"
    assert resource["id"] == "prices"
    assert resource["links"]["self"] == f"http://testserver{PATH}/prices"
    assert resource["attributes"]["key"] == ["sku", "price_list"]
    assert resource["attributes"]["parent"] == "price_lists"
    assert resource["attributes"]["relations"]["sku"] == {
        "type": "skus",
        "forms": ["sku_id", "sku_reference", "sku_code"],
        "required": True,
    }


def test_a_type_without_a_parent_says_so(caller: Caller) -> None:
    assert caller.get(f"{PATH}/skus").data["attributes"]["parent"] is None


@pytest.mark.parametrize("importer", importers, ids=lambda importer: importer.resource_type)
def test_every_type_can_be_read_by_its_name(caller: Caller, importer: Importer) -> None:
    resource = caller.get(f"{PATH}/{importer.resource_type}/").data

    assert resource["id"] == importer.resource_type
    Draft202012Validator.check_schema(resource["attributes"]["row_schema"])


def test_the_row_schema_tells_a_good_row_from_a_bad_one(caller: Caller) -> None:
    validator = Draft202012Validator(caller.get(f"{PATH}/skus").data["attributes"]["row_schema"])

    assert validator.is_valid({"code": "A", "name": "a", "weight": None, "type": "skus"})
    assert not validator.is_valid({"code": "A"})
    assert not validator.is_valid({"code": "A", "name": "a", "colour": "red"})
    assert not validator.is_valid({"code": "A", "name": 1})


def test_secret_attributes_are_marked_as_write_only(caller: Caller) -> None:
    for importer in importers:
        resource = caller.get(f"{PATH}/{importer.resource_type}").data
        properties = resource["attributes"]["row_schema"]["properties"]
        marked = {name for name, schema in properties.items() if schema.get("writeOnly")}
        assert marked == importer.secret


def test_only_the_fields_asked_for_are_given(caller: Caller) -> None:
    resource = caller.get(f"{PATH}/skus?fields[resource_types]=key,nothing").data

    assert resource["attributes"] == {"key": ["code"]}


@pytest.mark.parametrize("name", ["colours", "SKUS", "skus%00", "imports"])
def test_a_type_that_is_not_registered_is_a_404(caller: Caller, name: str) -> None:
    assert caller.get(f"{PATH}/{name}").error["code"] == "RECORD_NOT_FOUND"


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        (PATH, "include"),
        (PATH, "sort"),
        (PATH, "filter[q][id_eq]"),
        (PATH, "page[limit]"),
        (f"{PATH}/skus", "page[number]"),
    ],
)
def test_a_parameter_that_means_nothing_is_a_400(caller: Caller, path: str, parameter: str) -> None:
    assert caller.get(f"{path}?{parameter}=1").error["source"] == {"parameter": parameter}


@pytest.mark.parametrize("path", [PATH, f"{PATH}/skus"])
def test_types_are_shown_only_to_who_may_read(path: str) -> None:
    writer = Caller(ApiClientFactory.create(scopes="imports:write"))

    assert writer.get(path).status == 403
    assert writer.get(path, Authorization="").status == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", [PATH, f"{PATH}/skus"])
def test_types_are_read_only(caller: Caller, method: str, path: str) -> None:
    assert caller.request(method, path).error["code"] == "METHOD_NOT_ALLOWED"
