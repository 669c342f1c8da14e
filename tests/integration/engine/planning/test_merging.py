"""A dotted column of a CSV sets one member of an object; the others stay."""

from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from imports_app.commerce.models import Order, Price, PriceTier, Sku
from imports_app.importer import Importer
from imports_app.models import Format
from imports_app.models.status import Status
from imports_app.registry import importers
from tests.factories.commerce import (
    MarketFactory,
    PriceFactory,
    PriceListFactory,
    PriceTierFactory,
    SkuFactory,
)
from tests.running import Row, row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)

SKUS = importers.get("skus")


def counts(importer: Importer, *rows: Row, **attributes: Any) -> tuple[int, int, int]:
    """How many records rows of a CSV, cells as they are stored, create, update and leave."""
    import_ = run_import(importer, rows, **{"format": Format.CSV, **attributes})
    assert (import_.status, row_errors(import_)) == (Status.COMPLETED, {})
    return import_.created_count, import_.updated_count, import_.unchanged_count


def metadata() -> Any:
    return Sku.objects.get().metadata


def test_members_that_no_column_gives_stay() -> None:
    SkuFactory.create(code="PU1", metadata={"a": 1, "b": {"x": [1, 2.5, None]}, "c": "2"})
    assert counts(SKUS, {"code": "PU1", "metadata": {"c": "3"}}) == (0, 1, 0)
    assert metadata() == {"a": 1, "b": {"x": [1, 2.5, None]}, "c": "3"}


def test_an_empty_cell_leaves_its_member() -> None:
    SkuFactory.create(code="MD1", metadata={"a": "1", "b": "2"})
    assert counts(SKUS, {"code": "MD1", "metadata": {"a": "9"}}) == (0, 1, 0)
    assert metadata() == {"a": "9", "b": "2"}


def test_members_of_members_are_merged_too() -> None:
    SkuFactory.create(code="A", metadata={"size": {"eu": "42", "us": "9"}, "color": "red"})
    counts(SKUS, {"code": "A", "metadata": {"size": {"eu": "43"}, "color": {"rgb": "f00"}}})
    assert metadata() == {"size": {"eu": "43", "us": "9"}, "color": {"rgb": "f00"}}


def test_merging_nothing_new_changes_nothing() -> None:
    SkuFactory.create(code="A", metadata={"a": "1", "b": {"c": "2", "d": 3}})
    assert counts(SKUS, {"code": "A", "metadata": {"a": "1", "b": {"c": "2"}}}) == (0, 0, 1)


def test_a_new_record_has_the_members_of_its_row() -> None:
    assert counts(SKUS, {"code": "A", "name": "a", "metadata": {"b": {"c": "2"}}}) == (1, 0, 0)
    assert metadata() == {"b": {"c": "2"}}


@pytest.mark.parametrize("chunk_rows", [1, 100])
def test_rows_of_one_record_merge_in_turn(chunk_rows: int) -> None:
    rows: list[Row] = [
        {"code": "A", "name": "a", "metadata": {"a": "1"}},
        {"code": "A", "metadata": {"b": "2"}},
        {"code": "A", "metadata": {"a": "3", "c": "4"}},
    ]
    with override_settings(IMPORTS_CHUNK_ROWS=chunk_rows):
        assert counts(SKUS, *rows) == (1, 2, 0)
    assert metadata() == {"a": "3", "b": "2", "c": "4"}


def test_an_object_in_a_cell_or_in_json_replaces_all_of_it() -> None:
    SkuFactory.create(code="A", metadata={"a": "1"})
    counts(SKUS, {"code": "A", "metadata": '{"b": {"c": 2}}'})
    assert metadata() == {"b": {"c": 2}}
    counts(SKUS, {"code": "A", "metadata": {"b": {"d": 3}}}, format=Format.JSON)
    assert metadata() == {"b": {"d": 3}}


def test_a_record_found_by_its_id_is_merged_into_as_well() -> None:
    sku = SkuFactory.create(code="A", metadata={"a": "1"})
    counts(SKUS, {"id": str(sku.pk), "metadata": {"b": "2"}})
    assert metadata() == {"a": "1", "b": "2"}


@pytest.mark.parametrize("old", [None, {}, {"a": "1"}])
def test_any_object_of_any_type_is_merged(old: Any) -> None:
    market = MarketFactory.create(name="M")
    Order.objects.create(number="1", market=market, expiration_info=old, mode="test")
    price = PriceFactory.create(rules=old or {})

    counts(importers.get("orders"), {"number": "1", "expiration_info": {"b": "2"}})
    counts(importers.get("prices"), {"id": str(price.pk), "rules": {"b": "2"}})

    assert Order.objects.get().expiration_info == (old or {}) | {"b": "2"}
    assert Price.objects.get().rules == (old or {}) | {"b": "2"}


def test_the_object_of_a_child_is_merged_too() -> None:
    price_list = PriceListFactory.create(name="L")
    price = PriceFactory.create(price_list=price_list, sku=SkuFactory.create(code="A"))
    PriceTierFactory.create(price=price, name="T", metadata={"a": "1"})
    row: Row = {"price_list_name": "L", "sku_code": "A"}

    counts(importers.get("prices"), row | {"price_tiers": {"name": "T", "metadata": {"b": "2"}}})

    assert PriceTier.objects.get().metadata == {"a": "1", "b": "2"}


def test_a_chunk_is_merged_with_one_query() -> None:
    for n in range(20):
        SkuFactory.create(code=f"S{n}", metadata={"a": "1"})
    rows: list[Row] = [{"code": f"S{n}", "metadata": {"b": str(n)}} for n in range(20)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert counts(SKUS, *rows) == (0, 20, 0)
    table = f'"{Sku._meta.db_table}"."metadata"'
    reads = [q for q in queries if q["sql"].startswith("SELECT") and table in q["sql"]]
    assert len(reads) == 1
    assert {n: sku.metadata["b"] for n, sku in enumerate(Sku.objects.order_by("pk"))} == {
        n: str(n) for n in range(20)
    }
