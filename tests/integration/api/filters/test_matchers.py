"""Matchers that ask what a value is, and those of JSON."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imports_app.api.filters import FilterAttribute
from imports_app.api.filters.matchers import MATCHERS
from imports_app.commerce.models import Sku
from imports_app.models.lookups import contains
from tests.factories.commerce import SkuFactory
from tests.guests.models import Sample
from tests.integration.api.filters.semantics import found, store

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("matcher", "text", "expected"),
    [
        ("null", "true", [None]),
        ("null", "0", ["", "a"]),
        ("not_null", "1", ["", "a"]),
        ("not_null", "false", [None]),
        ("blank", "true", ["", None]),
        ("blank", "false", ["a"]),
        ("present", "t", ["a"]),
        ("present", "f", ["", None]),
    ],
)
def test_a_text_can_be_asked_whether_it_is_there(
    matcher: str, text: str, expected: list[Any]
) -> None:
    store("description", ["", "a"])

    assert found("description", matcher, text) == expected


def test_a_text_that_is_never_null_can_be_asked_too() -> None:
    store("name", ["", "a"])

    assert found("name", "null", "true") == []
    assert found("name", "eq_or_null", "a") == ["a"]
    assert found("name", "present", "true") == ["a"]


@pytest.mark.parametrize(("matcher", "expected"), [("blank", [None]), ("present", [0])])
def test_a_number_is_there_unless_it_is_null(matcher: str, expected: list[Any]) -> None:
    store("pieces_per_pack", [0])

    assert found("pieces_per_pack", matcher, "true") == expected


@pytest.mark.parametrize(
    ("matcher", "text", "expected"),
    [
        ("true", "true", [True]),
        ("true", "false", [False]),
        ("false", "true", [False]),
        ("false", "false", [True]),
        ("eq", "1", [True]),
        ("not_eq", "1", [False]),
        ("in", "0,1", [False, True]),
        ("null", "true", [None]),
    ],
)
def test_a_boolean_can_be_asked_for(matcher: str, text: str, expected: list[Any]) -> None:
    store("do_not_ship", [False, True])

    assert found("do_not_ship", matcher, text) == expected


DOCUMENT: dict[str, Any] = {
    "a": 1,
    "b": {"c": [1, "x", {"d": None}], "e": True},
    'k"ey.%': "v",
    "f": 1.5,
}


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"a": 1}',
        '{"a": 1.0}',
        '{"b": {}}',
        '{"b": {"c": []}}',
        '{"b": {"c": ["x", 1, 1]}}',
        '{"b": {"c": [{"d": null}], "e": true}}',
        '{"k\\"ey.%": "v", "f": 15e-1}',
    ],
)
def test_json_contains_its_parts(text: str) -> None:
    SkuFactory.create(metadata=DOCUMENT)

    assert found("metadata", "jcont", text) == [DOCUMENT]


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"a": "1"}',
        '{"a": true}',
        '{"b": {"e": 1}}',
        '{"b": {"c": 1}}',
        '{"b": {"c": [2]}}',
        '{"b": {"c": {"0": 1}}}',
        '{"d": null}',
        '{"a": null}',
    ],
)
def test_json_does_not_contain_anything_else(text: str) -> None:
    SkuFactory.create(metadata=DOCUMENT)

    assert found("metadata", "jcont", text) == []


def test_missing_json_contains_nothing_but_matches_or_null() -> None:
    store("data", [{"a": 1}, {"b": 1}, [1]], of=Sample)

    def kept(matcher: str, text: str) -> list[Any]:
        attribute = FilterAttribute.of(Sample, "data")
        condition = MATCHERS[matcher].condition(attribute, [text])
        return [*Sample.objects.filter(condition).order_by("pk").values_list("data", flat=True)]

    assert kept("jcont", '{"a": 1}') == [{"a": 1}]
    assert kept("jcont_or_null", '{"a": 1}') == [{"a": 1}, None]
    assert kept("jcont_or_null", "[1]") == [[1], None]
    assert kept("jcont_or_null", '{"c": 1}') == [None]


SCALARS = st.none() | st.booleans() | st.integers(-1, 1) | st.sampled_from([1.0, "a", ""])
CONTAINERS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=20,
).filter(lambda value: isinstance(value, dict | list))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CONTAINERS, CONTAINERS)
def test_json_contains_the_same_on_every_database(document: Any, part: Any) -> None:
    sku = SkuFactory.create(metadata=document)

    assert found("metadata", "jcont", json.dumps(part)) == [document] * contains(document, part)
    sku.delete()


@pytest.mark.parametrize(
    ("matcher", "expected"), [("blank", [{}, []]), ("present", [[1]]), ("not_null", [{}, [], [1]])]
)
def test_json_is_blank_if_nothing_is_in_it(matcher: str, expected: list[Any]) -> None:
    documents: list[Any] = [{}, [], [1]]
    for document in documents:
        SkuFactory.create(metadata=document)
    attribute = FilterAttribute.of(Sku, "metadata")

    condition = MATCHERS[matcher].condition(attribute, ["true"])

    assert (
        list(Sku.objects.filter(condition).order_by("pk").values_list("metadata", flat=True))
        == expected
    )
