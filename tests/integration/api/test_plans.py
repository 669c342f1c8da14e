"""Listings are one query for the page and one for the count, and indexes serve what is asked."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from tests.factories.commerce import PriceFactory
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import Caller

pytestmark = pytest.mark.django_db

FIELDS = "fields[imports]=status,reference&fields[skus]=code&fields[prices]=amount_cents,sku_code"


@pytest.fixture(autouse=True)
def rows(db: None) -> None:
    """A few; PostgreSQL must not think that to read and sort them all is the quickest."""
    ImportFactory.create_batch(3, completed=True, reference="r")
    PriceFactory.create_batch(3)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")


def page_plan(caller: Caller, path: str) -> str:
    """How the database finds the page's rows."""
    with CaptureQueriesContext(connection) as queries:
        assert caller.get(path).data
    _, _, page, *_ = queries.captured_queries  # the token, the count, the page
    assert "LIMIT" in page["sql"]
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {page['sql']}".replace("%", "%%"))
        return json.dumps(cursor.fetchall())


@pytest.mark.parametrize(
    "path",
    [
        "/api/imports?",
        "/api/imports?sort=created_at&",
        "/api/imports?filter[q][status_eq]=completed&",
        "/api/imports?filter[q][reference_eq]=r&",
        "/api/skus?",
        "/api/prices?",
        "/api/skus?filter[q][code_start]=SKU&",
    ],
)
def test_a_page_takes_one_query_and_its_count_another(
    caller: Caller, django_assert_num_queries: DjangoAssertNumQueries, path: str
) -> None:
    with django_assert_num_queries(3):  # the token too
        assert len(caller.get(path + FIELDS).data) == 3


@pytest.mark.parametrize(
    "path",
    [
        "/api/imports",
        "/api/imports?sort=created_at",
        "/api/imports?sort=-created_at",
        "/api/imports?filter[q][status_eq]=completed",
        "/api/imports?filter[q][created_at_gt]=2020-01-01",
        "/api/skus",
        "/api/skus?sort=id",
        "/api/prices",
    ],
)
def test_a_page_is_read_in_order_and_nothing_is_sorted_for_it(caller: Caller, path: str) -> None:
    plan = page_plan(caller, path)
    assert "Sort" not in plan
    assert "TEMP B-TREE FOR ORDER BY" not in plan


@pytest.mark.parametrize(
    ("path", "index"),
    [
        ("/api/imports?filter[q][reference_eq]=r", "import_reference"),
        ("/api/imports?filter[q][status_eq]=completed", "import_status"),
        ("/api/imports", "import_list"),
    ],
)
def test_an_index_serves_what_clients_look_for(caller: Caller, path: str, index: str) -> None:
    ImportFactory.create_batch(50)  # what is looked for is a small part of what is there
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE imports_app_import")

    assert index in page_plan(caller, path)
