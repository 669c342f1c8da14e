from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories.commerce import SkuFactory
from tests.integration.api.caller import Answer, Caller

pytestmark = pytest.mark.django_db


def get(caller: Caller, query: dict[str, Any]) -> Answer:
    return caller.get(f"/api/skus?{urlencode(query, doseq=True)}")


def page(caller: Caller, query: dict[str, Any]) -> dict[str, Any]:
    answer = get(caller, {"sort": "id", **query})
    assert answer.status == 200, answer.content
    document: dict[str, Any] = answer.document
    return document


def numbers(links: dict[str, str | None]) -> dict[str, int | None]:
    """The page that each link leads to."""
    return {
        name: int(parse_qs(urlsplit(url).query)["page[number]"][0]) if url else None
        for name, url in links.items()
    }


def test_a_page_has_ten_records_unless_asked_otherwise(caller: Caller) -> None:
    SkuFactory.create_batch(101)

    assert len(page(caller, {})["data"]) == 10
    assert len(page(caller, {"page[size]": 100})["data"]) == 100
    assert page(caller, {})["meta"] == {"record_count": 101, "page_count": 11}


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8])
def test_the_pages_together_are_the_whole_list(caller: Caller, size: int) -> None:
    expected = [str(sku.pk) for sku in SkuFactory.create_batch(7)]

    found, number = [], 1
    while data := page(caller, {"page[size]": size, "page[number]": number})["data"]:
        assert len(data) <= size
        found += [record["id"] for record in data]
        number += 1

    assert found == expected


@pytest.mark.parametrize(
    ("number", "prev", "following"),
    [(1, None, 2), (2, 1, 3), (3, 2, None), (4, 3, None), (1_000, 3, None), (10**30, 3, None)],
)
def test_the_links_lead_to_the_pages_around(
    caller: Caller, number: int, prev: int | None, following: int | None
) -> None:
    SkuFactory.create_batch(5)

    document = page(caller, {"page[size]": 2, "page[number]": number})

    assert numbers(document["links"]) == {"first": 1, "last": 3, "prev": prev, "next": following}
    assert bool(document["data"]) == (number <= 3)


def test_an_empty_list_has_one_empty_page(caller: Caller) -> None:
    document = page(caller, {})

    assert document["data"] == []
    assert document["meta"] == {"record_count": 0, "page_count": 0}
    assert numbers(document["links"]) == {"first": 1, "last": 1, "prev": None, "next": None}


def test_links_keep_every_other_parameter(caller: Caller) -> None:
    SkuFactory.create_batch(3, name="tea & cake")
    query = {
        "filter[q][name_eq]": ["tea & cake"],
        "fields[skus]": ["code"],
        "page[size]": ["1"],
        "sort": ["-code"],
    }

    following = page(caller, query)["links"]["next"]

    assert urlsplit(following).path == "/api/skus"
    assert parse_qs(urlsplit(following).query) == {**query, "page[number]": ["2"]}
    assert caller.get(following).status == 200


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_takes_one_query_and_its_count_another(
    caller: Caller,
    django_assert_num_queries: DjangoAssertNumQueries,
    number: int,
) -> None:
    SkuFactory.create_batch(25)

    with django_assert_num_queries(3):  # the first finds the token
        page(caller, {"page[number]": number})


def test_a_page_past_the_end_is_not_looked_for(
    caller: Caller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    SkuFactory.create()

    with django_assert_num_queries(2):
        page(caller, {"page[number]": 2})


def test_the_last_page_is_read_from_the_end(
    caller: Caller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    SkuFactory.create_batch(25)

    with django_assert_num_queries(3) as queries:
        page(caller, {"page[number]": 3})

    assert "OFFSET" not in queries.captured_queries[-1]["sql"]


@pytest.mark.once
@pytest.mark.parametrize("parameter", ["page[number]", "page[size]"])
@pytest.mark.parametrize(
    "value", ["0", "-1", "", "x", "1.0", "+1", " 1", "\u0663", "1e1", "9" * 5_000]
)
def test_a_page_that_is_not_a_positive_integer_is_a_400(
    caller: Caller, parameter: str, value: str
) -> None:
    answer = get(caller, {parameter: value})

    assert answer.status == 400
    assert answer.error["code"] == "MALFORMED_REQUEST"
    assert answer.error["source"] == {"parameter": parameter}


@pytest.mark.once
@pytest.mark.parametrize(
    ("parameter", "value"),
    [("page[size]", ["101"]), ("page[size]", ["1", "2"]), ("page", ["1"]), ("page[offset]", ["1"])],
)
def test_other_pages_are_a_400(caller: Caller, parameter: str, value: list[str]) -> None:
    answer = get(caller, {parameter: value})

    assert answer.status == 400
    assert answer.error["source"] == {"parameter": parameter}
