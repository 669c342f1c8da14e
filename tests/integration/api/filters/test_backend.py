from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imports_app.api.filters.backend import MAX_COMPARISONS
from imports_app.api.filters.matchers import MATCHERS
from imports_app.api.filters.values import MAX_LENGTH
from tests.factories.clients import ApiClientFactory, bearer
from tests.factories.commerce import PriceFactory, SkuFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def headers() -> dict[str, str]:
    return bearer(ApiClientFactory.create())


def codes(client: Client, headers: dict[str, str], query: dict[str, Any]) -> set[str]:
    answer = client.get("/api/skus", query, headers=headers)
    assert answer.status_code == 200, answer.content
    return {record["attributes"]["code"] for record in answer.json()["data"]}


def test_all_filters_must_hold(client: Client, headers: dict[str, str]) -> None:
    SkuFactory.create(code="a1", name="tea")
    SkuFactory.create(code="a2", name="mug")
    SkuFactory.create(code="b1", name="tea")

    query = {"filter[q][code_start]": "A", "filter[q][name_eq]": "tea"}

    assert codes(client, headers, query) == {"a1"}


def test_a_filter_that_is_given_twice_must_hold_twice(
    client: Client, headers: dict[str, str]
) -> None:
    SkuFactory.create(code="a1")
    SkuFactory.create(code="a2")

    assert codes(client, headers, {"filter[q][code_cont]": ["a", "2"]}) == {"a2"}


def test_one_of_several_attributes_is_enough(client: Client, headers: dict[str, str]) -> None:
    SkuFactory.create(code="tea", name="1", description=None)
    SkuFactory.create(code="2", name="tea", description=None)
    SkuFactory.create(code="3", name="3", description="a tea")
    SkuFactory.create(code="4", name="4", description=None)

    query = {"filter[q][code_or_name_or_description_end]": "TEA"}

    assert codes(client, headers, query) == {"tea", "2", "3"}


@pytest.mark.parametrize("form", ["sku_id", "sku_reference", "sku_code"])
def test_records_are_found_by_every_form_of_a_relation(
    client: Client, headers: dict[str, str], form: str
) -> None:
    price, _ = PriceFactory.create_batch(2)
    wanted = {
        "sku_id": str(price.sku_id),
        "sku_reference": price.sku.reference,
        "sku_code": price.sku.code,
    }

    answer = client.get("/api/prices", {f"filter[q][{form}_eq]": wanted[form]}, headers=headers)

    assert [record["id"] for record in answer.json()["data"]] == [str(price.pk)]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("filter", "x"),
        ("filter[status]", "x"),
        ("filter[q]", "x"),
        ("filter[q][]", "x"),
        ("filter[q][code_in][]", "x"),
        ("filter[q][code_eq]x", "x"),
        ("filter[Q][code_eq]", "x"),
        ("filter[q][mode_eq]", "live"),
        ("filter[q][pk_eq]", "1"),
        ("filter[q][prices__id_eq]", "1"),
        ("filter[q][code__startswith_eq]", "x"),
        ("filter[q][code_like]", "x"),
        ("filter[q][weight_cont]", "1"),
        ("filter[q][code_true]", "1"),
        ("filter[q][metadata_eq]", "{}"),
        ("filter[q][do_not_ship_lt]", "1"),
        ("filter[q][code_or_weight_cont]", "1"),
        ("filter[q][pieces_per_pack_eq]", "x"),
        ("filter[q][pieces_per_pack_eq]", ""),
        ("filter[q][pieces_per_pack_gt]", str(2**63)),
        ("filter[q][pieces_per_pack_in]", "1,,2"),
        ("filter[q][id_eq]", "x"),
        ("filter[q][shipping_category_id_in]", "1,x"),
        ("filter[q][weight_lt]", "nan"),
        ("filter[q][created_at_gt]", "yesterday"),
        ("filter[q][created_at_gt]", "0001-01-01T00:00:00+01:00"),
        ("filter[q][do_not_ship_eq]", "perhaps"),
        ("filter[q][code_null]", "perhaps"),
        ("filter[q][metadata_jcont]", "{"),
        ("filter[q][code_eq]", "a\0"),
        ("filter[q][code_cont]", "a" * (MAX_LENGTH + 1)),
        ("filter[q][code_matches]", "%\\"),
        ("filter[q][code_in]", ",".join(["a"] * (MAX_COMPARISONS + 1))),
        ("filter[q][code_or_name_cont_any]", ",".join(["a"] * (MAX_COMPARISONS // 2 + 1))),
    ],
)
def test_a_filter_that_can_not_be_is_a_400_that_names_it(
    client: Client, headers: dict[str, str], parameter: str, value: str
) -> None:
    answer = client.get("/api/skus", {parameter: value}, headers=headers)

    (error,) = answer.json()["errors"]
    assert answer.status_code == 400
    assert error["status"] == "400"
    assert error["code"] == "MALFORMED_REQUEST"
    assert error["source"] == {"parameter": parameter}
    assert error["title"]
    assert len(error["detail"]) < 250


@pytest.mark.parametrize("matcher", ["not_cont_any", "not_cont_all", "eq_any", "in", "not_in"])
def test_as_many_comparisons_as_are_allowed_can_be_made(
    client: Client, headers: dict[str, str], matcher: str
) -> None:
    SkuFactory.create(code="a", description="a")
    values = ",".join(map(str, range(MAX_COMPARISONS // 2)))

    query = {f"filter[q][code_or_description_{matcher}]": values}

    assert codes(client, headers, query) == ({"a"} if matcher.startswith("not") else set())


def test_the_longest_pattern_that_is_allowed_can_be_matched(
    client: Client, headers: dict[str, str]
) -> None:
    query = {
        "filter[q][code_cont]": "%" * MAX_LENGTH,
        "filter[q][name_matches]": "\N{GRINNING FACE}" * MAX_LENGTH,
    }

    assert codes(client, headers, query) == set()


def test_more_parameters_than_django_reads_are_a_400(
    client: Client, headers: dict[str, str]
) -> None:
    query = "&".join(["filter[q][code_eq]=x"] * 1_001)

    answer = client.get(f"/api/skus?{query}", headers=headers)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "MALFORMED_REQUEST"


ATTRIBUTES = (
    *("id", "code", "weight", "pieces_per_pack", "do_not_ship", "metadata", "created_at"),
    *("shipping_category_id", "shipping_category_name", "secret"),
)
VALUES = st.text(max_size=20) | st.sampled_from(
    ["1", "true", "2024-01-01", "1.5", "{}", '{"a":[1]}', "%a\\", "1,2", "9" * 30, "\0"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.sampled_from(ATTRIBUTES), min_size=1, max_size=3),
    st.sampled_from([*MATCHERS]),
    VALUES,
)
def test_no_filter_breaks_the_server(
    client: Client, headers: dict[str, str], attributes: list[str], matcher: str, value: str
) -> None:
    parameter = f"filter[q][{'_or_'.join(attributes)}_{matcher}]"

    answer = client.get("/api/skus", {parameter: value}, headers=headers)

    if answer.status_code != 200:
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["source"] == {"parameter": parameter}
