"""Entity tags of the single resources that are no imports."""

from typing import Any

import pytest

from tests.factories.commerce import SkuFactory
from tests.integration.api.caller import Caller

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["skus", "application", "organization", "resource_types"])
def path(request: pytest.FixtureRequest) -> str:
    """That of a single resource of each kind."""
    kind: str = request.param
    if kind == "skus":
        return f"/api/skus/{SkuFactory.create().pk}"
    return "/api/resource_types/skus" if kind == "resource_types" else f"/api/{kind}"


def test_a_single_resource_has_a_weak_tag_that_saves_the_answer(path: str, caller: Caller) -> None:
    first = caller.get(path)
    known = first.headers.get("ETag", "")

    again = caller.get(path, If_None_Match=known)

    assert known.startswith('W/"')
    assert (again.status, again.content) == (304, b"")
    assert again.headers["ETag"] == known
    assert "x-ratelimit-limit" in again.headers
    assert caller.get(path, If_None_Match='"x"').status == 200


def test_a_changed_record_is_sent_again(caller: Caller) -> None:
    sku: Any = SkuFactory.create(name="Before")
    known = caller.get(f"/api/skus/{sku.pk}").headers.get("ETag", "")

    sku.name = "After"
    sku.save()
    answer = caller.get(f"/api/skus/{sku.pk}", If_None_Match=known)

    assert (answer.status, answer.document["data"]["attributes"]["name"]) == (200, "After")
    assert answer.headers["ETag"] != known


def test_a_tag_stands_for_the_fields_that_were_asked_for(path: str, caller: Caller) -> None:
    type_ = caller.get(path).document["data"]["type"]

    known = caller.get(path).headers.get("ETag")

    assert known is not None
    assert caller.get(f"{path}?fields[{type_}]=name", If_None_Match=known).status == 200
