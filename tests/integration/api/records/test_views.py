from uuid import UUID

import pytest
from typing_extensions import TypedDict

from imports_app.importer import Importer
from imports_app.models import Import, Mode
from imports_app.registry import importers
from tests.factories import factory_for
from tests.factories.clients import ApiClientFactory
from tests.factories.commerce import ShippingCategoryFactory, SkuFactory
from tests.integration.api.caller import Caller

pytestmark = pytest.mark.django_db


class ToyImporter(Importer):
    """Records that are known by a UUID."""

    resource_type = "toys"
    model = Import

    class Row(TypedDict, total=False):
        reference: str | None


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Import:
    monkeypatch.setitem(importers._by_type, "toys", ToyImporter())
    return Import.objects.create(mode=Mode.TEST, resource_type="skus", inputs_size=1)


@pytest.mark.parametrize("importer", importers, ids=lambda importer: importer.resource_type)
def test_the_records_of_every_type_can_be_read(caller: Caller, importer: Importer) -> None:
    record = factory_for(importer.model).create()
    listing = f"/api/{importer.resource_type}"

    (resource,) = caller.get(listing).data

    assert resource["type"] == importer.resource_type
    assert resource["id"] == str(record.pk)
    assert caller.get(f"{listing}/{record.pk}/").data == resource
    assert caller.get(f"{listing}/?filter[q][id_eq]={record.pk}").data == [resource]
    assert resource["attributes"].keys().isdisjoint(importer.secret)


def test_a_listing_says_how_many_there_are(caller: Caller) -> None:
    SkuFactory.create_batch(3)

    document = caller.get("/api/skus?page[size]=2&page[number]=2").document

    assert len(document["data"]) == 1
    assert document["meta"] == {"record_count": 3, "page_count": 2}
    assert document["links"].keys() == {"first", "last", "prev", "next"}


def test_a_client_sees_nothing_of_the_other_mode() -> None:
    live = SkuFactory.create(mode=Mode.LIVE)
    test = SkuFactory.create(mode=Mode.TEST)

    for mine, other in ((live, test), (test, live)):
        caller = Caller(ApiClientFactory.create(mode=mine.mode))
        document = caller.get("/api/skus").document
        assert [resource["id"] for resource in document["data"]] == [str(mine.pk)]
        assert document["data"][0]["meta"] == {"mode": mine.mode}
        assert document["meta"]["record_count"] == 1
        assert caller.get(f"/api/skus?filter[q][code_eq]={other.code}").data == []
        assert caller.get(f"/api/skus/{other.pk}").status == 404


@pytest.mark.parametrize(
    "record_id",
    ["0", "-1", "x", "1.0", "01", "+1", "1_0", "%20", "%00", "%FF", str(2**63), "9" * 5_000, "1/2"],
)
def test_an_id_of_any_other_form_is_a_404(caller: Caller, record_id: str) -> None:
    SkuFactory.create()

    error = caller.get(f"/api/skus/{record_id}").error

    assert error["code"] == "RECORD_NOT_FOUND"


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("/api/toasters/x", "There is no resource type 'toasters'."),
        ("/api/imports/x/rows", "Record not found"),
        ("/api/webhooks/x/rows", "Record not found"),
    ],
)
def test_a_path_that_does_not_exist_says_what_is_missing(
    caller: Caller, path: str, detail: str
) -> None:
    assert caller.get(path).error["detail"] == detail


@pytest.mark.parametrize("path", ["/api/colours", "/api/colours/1", "/api/SKUS", "/api/skus%00"])
@pytest.mark.once
def test_a_type_that_is_not_registered_is_a_404(caller: Caller, path: str) -> None:
    error = caller.get(path).error

    assert error["code"] == "RECORD_NOT_FOUND"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/api/skus", "/api/skus/1", "/api/colours"])
@pytest.mark.once
def test_records_are_read_only(caller: Caller, method: str, path: str) -> None:
    answer = caller.request(method, path)

    assert answer.status == 405
    assert answer.error["code"] == "METHOD_NOT_ALLOWED"


@pytest.mark.parametrize("path", ["/api/skus", "/api/skus/1"])
@pytest.mark.once
def test_records_are_shown_only_to_who_may_read(path: str) -> None:
    writer = Caller(ApiClientFactory.create(scopes="imports:write"))

    assert writer.get(path).status == 403
    assert writer.get(path, Authorization="").status == 401


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/api/skus", "include"),
        ("/api/skus", "limit"),
        ("/api/skus/1", "include"),
        ("/api/skus/1", "sort"),
        ("/api/skus/1", "page[number]"),
        ("/api/skus/1", "filter[q][id_eq]"),
    ],
)
@pytest.mark.once
def test_a_parameter_that_means_nothing_is_a_400(caller: Caller, path: str, parameter: str) -> None:
    error = caller.get(f"{path}?{parameter}=1").error

    assert error["source"] == {"parameter": parameter}


def test_a_type_may_have_ids_of_another_kind(caller: Caller, toy: Import) -> None:
    resource = caller.get(f"/api/toys/{toy.pk}").data

    assert resource["id"] == str(toy.pk)
    assert caller.get(f"/api/toys?filter[q][id_in]={toy.pk}").data == [resource]
    assert caller.get("/api/toys/1").status == 404
    assert caller.get(f"/api/toys/{str(toy.pk).upper()}").status == 404
    assert caller.get(f"/api/toys/{UUID(int=1)}").status == 404
    assert caller.get("/api/toys?filter[q][id_eq]=1").status == 400


def test_a_listing_can_be_filtered_by_a_relation_that_is_not_there(caller: Caller) -> None:
    bare = SkuFactory.create(shipping_category=None)
    SkuFactory.create(shipping_category=ShippingCategoryFactory.create())

    path = "/api/skus?filter[q][shipping_category_id_null]=true"

    assert [resource["id"] for resource in caller.get(path).data] == [str(bare.pk)]
