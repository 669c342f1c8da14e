from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imports_app.api.filters.backend import MAX_COMPARISONS
from imports_app.api.filters.comparison import MAX_PATTERN
from imports_app.api.filters.matchers import MATCHERS
from imports_app.api.filters.values import MAX_LENGTH
from tests.factories.commerce import PriceFactory, SkuFactory
from tests.integration.api.caller import Answer, Caller

pytestmark = pytest.mark.django_db


def get(caller: Caller, query: dict[str, Any]) -> Answer:
    return caller.get(f"/api/skus?{urlencode(query, doseq=True)}")


def codes(caller: Caller, query: dict[str, Any]) -> set[str]:
    return {record["attributes"]["code"] for record in get(caller, query).data}


def test_all_filters_must_hold(caller: Caller) -> None:
    SkuFactory.create(code="a1", name="tea")
    SkuFactory.create(code="a2", name="mug")
    SkuFactory.create(code="b1", name="tea")

    query = {"filter[q][code_start]": "A", "filter[q][name_eq]": "tea"}

    assert codes(caller, query) == {"a1"}


def test_a_filter_that_is_given_twice_must_hold_twice(caller: Caller) -> None:
    SkuFactory.create(code="a1")
    SkuFactory.create(code="a2")

    assert codes(caller, {"filter[q][code_cont]": ["a", "2"]}) == {"a2"}


def test_one_of_several_attributes_is_enough(caller: Caller) -> None:
    SkuFactory.create(code="tea", name="1", description=None)
    SkuFactory.create(code="2", name="tea", description=None)
    SkuFactory.create(code="3", name="3", description="a tea")
    SkuFactory.create(code="4", name="4", description=None)

    query = {"filter[q][code_or_name_or_description_end]": "TEA"}

    assert codes(caller, query) == {"tea", "2", "3"}


@pytest.mark.parametrize("form", ["sku_id", "sku_reference", "sku_code"])
def test_records_are_found_by_every_form_of_a_relation(caller: Caller, form: str) -> None:
    price, _ = PriceFactory.create_batch(2)
    wanted = {
        "sku_id": str(price.sku_id),
        "sku_reference": price.sku.reference,
        "sku_code": price.sku.code,
    }

    answer = caller.get(f"/api/prices?filter[q][{form}_eq]={wanted[form]}")

    assert [record["id"] for record in answer.data] == [str(price.pk)]


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
def test_an_impossible_filter_is_a_400_that_names_it(
    caller: Caller, parameter: str, value: str
) -> None:
    answer = get(caller, {parameter: value})

    assert answer.status == 400
    assert answer.error["code"] == "MALFORMED_REQUEST"
    assert answer.error["source"] == {"parameter": parameter}
    assert len(answer.error["detail"]) < 250


@pytest.mark.parametrize("matcher", ["not_cont_any", "not_cont_all", "eq_any", "in", "not_in"])
def test_as_many_comparisons_as_are_allowed_can_be_made(caller: Caller, matcher: str) -> None:
    SkuFactory.create(code="a", description="a")
    values = ",".join(map(str, range(MAX_COMPARISONS // 2)))

    query = {f"filter[q][code_or_description_{matcher}]": values}

    assert codes(caller, query) == ({"a"} if matcher.startswith("not") else set())


def test_the_longest_pattern_that_is_allowed_can_be_matched(caller: Caller) -> None:
    query = {
        "filter[q][code_cont]": "%" * MAX_PATTERN,
        "filter[q][name_matches]": "\N{GRINNING FACE}" * MAX_PATTERN,
    }

    assert codes(caller, query) == set()


def test_more_parameters_than_django_reads_are_a_400(caller: Caller) -> None:
    query = "&".join(["filter[q][code_eq]=x"] * 1_001)

    answer = caller.get(f"/api/skus?{query}")

    assert answer.status == 400
    assert answer.error["code"] == "MALFORMED_REQUEST"


ATTRIBUTES = (
    *("id", "code", "weight", "pieces_per_pack", "do_not_ship", "metadata", "created_at"),
    *("shipping_category_id", "shipping_category_name", "secret"),
)
VALUES = st.text(max_size=20) | st.sampled_from(
    ["1", "true", "2024-01-01", "1.5", "{}", '{"a":[1]}', "%a\\", "1,2", "9" * 30, "\0"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(ATTRIBUTES), min_size=1, max_size=3),
    st.sampled_from([*MATCHERS]),
    VALUES,
)
def test_no_filter_breaks_the_server(
    caller: Caller, attributes: list[str], matcher: str, value: str
) -> None:
    parameter = f"filter[q][{'_or_'.join(attributes)}_{matcher}]"

    answer = get(caller, {parameter: value})

    if answer.status != 200:
        assert answer.status == 400
        assert answer.error["source"] == {"parameter": parameter}
