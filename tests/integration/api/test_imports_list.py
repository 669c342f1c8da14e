from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from imports_app.api.imports.views import ImportViewSet
from imports_app.models import Import, Mode
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import Caller

pytestmark = pytest.mark.django_db

PATH = "/api/imports"


def ids(answer: Any) -> list[str]:
    return [resource["id"] for resource in answer.data]


def test_a_listing_holds_whole_imports_newest_first(caller: Caller) -> None:
    older = ImportFactory.create(created_at=timezone.now() - timedelta(hours=1), completed=True)
    newer = ImportFactory.create(rows=[{"code": "C"}])
    answer = caller.get(PATH)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/vnd.api+json"
    assert ids(answer) == [str(newer.pk), str(older.pk)]
    assert [resource["attributes"]["inputs"] for resource in answer.data] == [
        [{"code": "C"}],
        [{"code": "A", "name": "a"}, {"code": "B", "name": "b"}],
    ]
    alone = caller.get(f"{PATH}/{older.pk}").data
    listed = answer.data[1]
    # Signed anew in each second.
    listed["attributes"]["attachment_url"] = alone["attributes"]["attachment_url"]
    assert listed == alone


def test_a_listing_says_how_much_there_is_and_where(caller: Caller) -> None:
    ImportFactory.create_batch(5)
    answer = caller.get(f"{PATH}?page[number]=2&page[size]=2&fields[imports]=id")
    assert answer.document.keys() == {"data", "links", "meta"}
    assert answer.document["meta"] == {"record_count": 5, "page_count": 3}
    links = answer.document["links"]
    assert links.keys() == {"first", "prev", "next", "last"}
    assert len(ids(answer)) == 2
    for name, count in (("first", 2), ("prev", 2), ("next", 1), ("last", 1)):
        page = caller.get(links[name].removeprefix("http://testserver"))
        assert len(ids(page)) == count
        assert page.data[0].get("attributes") == {}


@pytest.mark.once
def test_an_empty_listing_is_a_listing(caller: Caller) -> None:
    answer = caller.get(PATH)
    assert answer.data == []
    assert answer.document["meta"] == {"record_count": 0, "page_count": 0}


def test_a_client_sees_its_mode_only(caller: Caller) -> None:
    ImportFactory.create(mode=Mode.LIVE)
    mine = ImportFactory.create(mode=Mode.TEST)
    answer = caller.get(PATH)
    assert ids(answer) == [str(mine.pk)]
    assert answer.data[0]["meta"] == {"mode": "test", "version": 1}
    assert answer.document["meta"]["record_count"] == 1


@pytest.mark.parametrize("count", [1, 10])
def test_a_sparse_listing_costs_three_queries(
    caller: Caller, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ImportFactory.create_batch(count)
    with django_assert_num_queries(3) as queries:  # the token, the count, the page
        answer = caller.get(f"{PATH}?fields[imports]=status,metadata")
    assert len(answer.data) == count
    assert all(
        resource["attributes"] == {"status": "pending", "metadata": {}} for resource in answer.data
    )
    assert not any("importchunk" in query["sql"] for query in queries)


def test_logs_of_imports_without_any_cost_nothing(
    caller: Caller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ImportFactory.create_batch(3)
    with django_assert_num_queries(3):
        caller.get(f"{PATH}?fields[imports]=errors_log,warnings_log,attachment_url")


SORTABLE_AND_FILTERABLE = [
    "resource_type",
    "parent_resource_id",
    "status",
    "started_at",
    "completed_at",
    "interrupted_at",
    "inputs_size",
    "processed_count",
    "errors_count",
    "warnings_count",
    "destroyed_count",
    "reference",
    "reference_origin",
    "created_at",
    "updated_at",
    "format",
    "created_count",
    "updated_count",
    "unchanged_count",
]
FILTERABLE = [
    "cleanup_records",
    "metadata",
    "dry_run",
    "if_exists",
    "if_missing",
    "all_or_nothing",
    "keep_changes",
]
NEITHER = [
    "inputs",
    "errors_log",
    "warnings_log",
    "skip_errors",
    "attachment_url",
    "cleanup_limit",
    "position",
]


@pytest.mark.once
def test_the_contract_says_what_can_be_filtered_and_sorted_by() -> None:
    attributes = ImportViewSet().filter_attributes
    assert set(attributes) == {*SORTABLE_AND_FILTERABLE, *FILTERABLE, "application_id"}
    assert {name for name in attributes if attributes[name].sortable} == set(
        SORTABLE_AND_FILTERABLE
    )


@pytest.mark.parametrize("name", SORTABLE_AND_FILTERABLE)
def test_a_listing_can_be_sorted(caller: Caller, name: str) -> None:
    ImportFactory.create_batch(2)
    upwards = ids(caller.get(f"{PATH}?sort={name}&fields[imports]=id"))
    downwards = ids(caller.get(f"{PATH}?sort=-{name}&fields[imports]=id"))
    assert upwards == downwards[::-1]


@pytest.mark.once
@pytest.mark.parametrize("name", [*FILTERABLE, *NEITHER, "nothing"])
def test_a_listing_can_not_be_sorted_by_anything_else(caller: Caller, name: str) -> None:
    answer = caller.get(f"{PATH}?sort={name}")
    assert answer.status == 400
    assert answer.error["source"] == {"parameter": "sort"}


def test_a_listing_can_be_filtered(caller: Caller) -> None:
    old = ImportFactory.create(
        created_at=datetime(2024, 1, 1, tzinfo=UTC), reference="shop-1", completed=True
    )
    new = ImportFactory.create(reference="other", resource_type="prices")
    for query, expected in {
        "filter[q][status_eq]=completed": [old],
        "filter[q][status_in]=completed,pending": [new, old],
        "filter[q][created_at_lt]=2024-06-01": [old],
        "filter[q][reference_start]=shop": [old],
        "filter[q][resource_type_eq]=prices&filter[q][status_eq]=completed": [],
    }.items():
        answer = caller.get(f"{PATH}?{query}&fields[imports]=id")
        assert ids(answer) == [str(import_.pk) for import_ in expected], query


@pytest.mark.once
@pytest.mark.parametrize("name", [*NEITHER, "nothing"])
def test_a_listing_can_not_be_filtered_by_anything_else(caller: Caller, name: str) -> None:
    parameter = f"filter[q][{name}_eq]"
    answer = caller.get(f"{PATH}?{parameter}=1")
    assert answer.status == 400
    assert answer.error["source"] == {"parameter": parameter}


@pytest.mark.once
def test_reading_needs_its_scope() -> None:
    from tests.factories.clients import ApiClientFactory

    writer = Caller(ApiClientFactory.create(scopes="imports:write"))
    assert writer.get(PATH).error["code"] == "FORBIDDEN"
    import_ = ImportFactory.create()
    assert writer.get(f"{PATH}/{import_.pk}").error["code"] == "FORBIDDEN"
    assert Import.objects.exists()


@pytest.mark.once
def test_fieldsets_that_are_given_twice_add_up(caller: Caller) -> None:
    ImportFactory.create()

    [resource] = caller.get("/api/imports?fields[imports]=status&fields[imports]=format").data

    assert resource["attributes"] == {"status": "pending", "format": "json"}
