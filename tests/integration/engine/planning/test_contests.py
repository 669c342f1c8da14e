"""Rows that want one unique value take it in turn, however they are cut into batches."""

import pytest
from django.test import override_settings

from imports_app.commerce.models import ShippingCategory
from imports_app.registry import importers
from tests.running import Row, row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)

IMPORTER = importers.get("shipping_categories")


@pytest.fixture(params=[1, 100], ids=["row by row", "all at once"])
def chunk_rows(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def codes(rows: list[Row], chunk_rows: int) -> tuple[dict[str, str | None], list[int]]:
    """What code each category has after an import of the rows, and which rows failed."""
    with override_settings(IMPORTS_CHUNK_ROWS=chunk_rows):
        import_ = run_import(IMPORTER, rows, skip_errors=True)
    return dict(ShippingCategory.objects.values_list("name", "code")), sorted(row_errors(import_))


def test_a_value_that_a_row_before_gave_up_is_free(chunk_rows: int) -> None:
    ShippingCategory.objects.create(mode="test", name="A", code="x")
    rows: list[Row] = [{"name": "A", "code": None}, {"name": "B", "code": "x"}]
    assert codes(rows, chunk_rows) == ({"A": None, "B": "x"}, [])


def test_a_value_that_a_row_of_a_later_batch_gives_up_is_taken(chunk_rows: int) -> None:
    ShippingCategory.objects.create(mode="test", name="A", code="x")
    rows: list[Row] = [{"name": "B", "code": "x"}, {"name": "A", "code": None}]
    taken, failed = ({"B": "x"}, []) if chunk_rows > 1 else ({}, [0])
    assert codes(rows, chunk_rows) == ({"A": None} | taken, failed)


def test_the_first_of_several_rows_with_a_unique_value_gets_it(chunk_rows: int) -> None:
    rows: list[Row] = [
        {"name": "A", "code": "x"},
        {"name": "B", "code": "x"},
        {"name": "A", "code": "y"},
        {"name": "C", "code": "x"},
        {"name": "D", "code": "y"},
    ]
    assert codes(rows, chunk_rows) == ({"A": "y", "C": "x"}, [1, 4])


def test_a_row_that_keeps_its_value_has_no_rival(chunk_rows: int) -> None:
    ShippingCategory.objects.create(mode="test", name="A", code="x")
    ShippingCategory.objects.create(mode="live", name="Z", code="z")
    rows: list[Row] = [{"name": "A", "code": "x"}, {"name": "B", "code": "z"}]
    assert codes(rows, chunk_rows) == ({"A": "x", "B": "z", "Z": "z"}, [])
