"""Live and test data, side by side in one service."""

import json

import pytest

from tests.acceptance.api import Api
from tests.acceptance.rows import codes, sku_rows
from tests.acceptance.stack import Stack


@pytest.fixture
def live(stack: Stack) -> Api:
    return stack.client(mode="live")


def test_both_modes_can_have_a_record_with_the_same_key(client: Api, live: Api) -> None:
    rows = sku_rows(3)

    ours = client.import_("skus", rows)
    theirs = live.import_("skus", [{**row, "name": "Live"} for row in rows])

    assert ours["meta"]["mode"] == "test"
    assert theirs["meta"]["mode"] == "live"
    for import_ in (ours, theirs):
        assert import_["attributes"]["created_count"] == 3
    names = [record["attributes"]["name"] for record in live.records("skus", "code", codes(rows))]
    assert names == ["Live"] * 3


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_import_does_not_exist_for_the_other_mode(client: Api, live: Api, method: str) -> None:
    id_ = client.import_("skus", sku_rows(1))["id"]
    document = {"data": {"type": "imports", "id": id_, "attributes": {"reference": "mine"}}}

    answer = live.request(method, f"/api/imports/{id_}", json.dumps(document).encode())

    assert answer.status == 404
    assert client.get(f"/api/imports/{id_}").document["data"]["attributes"]["reference"] is None


def test_no_list_shows_anything_of_the_other_mode(client: Api, live: Api) -> None:
    rows = sku_rows(1)
    ours = client.import_("skus", rows)
    [sku] = client.records("skus", "code", codes(rows))

    listed = live.get(f"/api/imports?filter[q][created_at_gteq]={ours['attributes']['created_at']}")

    assert ours["id"] not in {import_["id"] for import_ in listed.document["data"]}
    assert {import_["meta"]["mode"] for import_ in listed.document["data"]} <= {"live"}
    assert live.records("skus", "code", codes(rows)) == []
    assert live.get(f"/api/skus/{sku['id']}").status == 404
