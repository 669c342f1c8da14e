"""A batch is about a second of work at most, whatever its rows cost."""

import pytest
from django.test import override_settings

from imports_app.models import Import
from imports_app.registry import importers
from tests.integration.reliability.workers import create
from tests.running import Row, run_to_end

pytestmark = pytest.mark.django_db(transaction=True)


def chunk_sizes(import_: Import) -> list[int]:
    return list(import_.chunks.order_by("first_row").values_list("rows", flat=True))


def customers(count: int, **attributes: str) -> list[Row]:
    return [{"email": f"{number}@example.com", **attributes} for number in range(count)]


def test_rows_with_passwords_come_in_smaller_batches_the_more_rounds_the_smaller() -> None:
    rows = customers(300, password="secret enough")

    with override_settings(IMPORTS_PASSWORD_ITERATIONS=20_000):
        assert chunk_sizes(create("customers", rows)) == [125, 125, 50]
    with override_settings(IMPORTS_PASSWORD_ITERATIONS=50_000):
        assert chunk_sizes(create("customers", rows)) == [50] * 6


def test_only_rows_with_a_password_count_as_such() -> None:
    rows = customers(1_000) + customers(200, password="secret enough")

    assert chunk_sizes(create("customers", rows)) == [1_125, 75]


def test_a_row_that_costs_more_than_a_batch_is_a_batch_of_its_own() -> None:
    with override_settings(IMPORTS_PASSWORD_ITERATIONS=10_000_000):
        assert chunk_sizes(create("customers", customers(2, password="secret enough"))) == [1, 1]


def test_a_type_says_how_many_of_its_rows_take_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(importers.get("skus")), "batch_rows", 2, raising=False)
    rows = [{"code": str(number), "name": "a"} for number in range(5)]

    import_ = create("skus", rows)

    assert chunk_sizes(import_) == [2, 2, 1]
    assert run_to_end(import_).created_count == 5
