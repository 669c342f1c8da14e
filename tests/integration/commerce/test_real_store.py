"""Imports a real shop's data, which isn't part of the project.

REAL_STORE_DIR says where it is; by default it is looked for beside the project's own folder.
"""

import json
import os
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from config.env import BASE_DIR
from imports_app.commerce.models import Price, PriceList, Sku, StockItem, StockLocation
from imports_app.models import Import
from imports_app.registry import importers
from tests.running import row_errors, run_import

STORE = Path(os.environ.get("REAL_STORE_DIR") or BASE_DIR.parent / "shared" / "data")
TYPES = ["shipping_categories", "skus", "price_lists", "prices", "stock_locations", "stock_items"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not all((STORE / f"{name}.json").is_file() for name in TYPES),
        reason="the data of the real store is not there: set REAL_STORE_DIR",
    ),
]

Row = dict[str, Any]


def load(resource_type: str) -> list[Row]:
    """The type's rows, relations given by reference; those to types that it lacks left out."""
    relations = importers.get(resource_type).relations
    rows: list[Row] = json.loads((STORE / f"{resource_type}.json").read_text())
    return [
        {f"{name}_reference" if name in relations else name: value for name, value in row.items()}
        for row in ({k: v for k, v in row.items() if k != "address"} for row in rows)
    ]


def import_all() -> dict[str, Import]:
    return {name: run_import(importers.get(name), load(name)) for name in TYPES}


def import_by_parent(resource_type: str, relation: str) -> list[Import]:
    """One import a parent, whose rows don't say which parent they belong to."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in load(resource_type):
        rows[row.pop(f"{relation}_reference")].append(row)
    parents = importers.get(resource_type).relations[relation].to._default_manager
    return [
        run_import(
            importers.get(resource_type),
            of_parent,
            parent_resource_id=str(parents.get(reference=reference).pk),
        )
        for reference, of_parent in rows.items()
    ]


def test_a_real_store_is_imported_and_changes_nothing_the_second_time() -> None:
    first = import_all()

    assert [row_errors(import_) for import_ in first.values()] == [{}] * len(TYPES)
    assert {name: import_.created_count for name, import_ in first.items()} == {
        "shipping_categories": 1,
        "skus": 250,
        "price_lists": 3,
        "prices": 750,
        "stock_locations": 2,
        "stock_items": 500,
    }
    for import_ in import_all().values():
        assert import_.unchanged_count == import_.inputs_size
        assert import_.warnings_count == 0


def test_a_real_store_is_imported_parent_by_parent() -> None:
    for name in ("shipping_categories", "skus", "price_lists", "stock_locations"):
        run_import(importers.get(name), load(name))

    by_list = import_by_parent("prices", "price_list")
    by_location = import_by_parent("stock_items", "stock_location")

    assert [import_.created_count for import_ in by_list] == [250, 250, 250]
    assert [import_.created_count for import_ in by_location] == [250, 250]
    again = run_import(importers.get("prices"), load("prices"))
    assert again.unchanged_count == 750


def test_the_records_are_those_of_the_files() -> None:
    import_all()

    prices = Price.objects.values_list("price_list__reference", "sku__code", "amount_cents")
    assert Counter(prices) == Counter(
        (row["price_list_reference"], row["sku_code"], row["amount_cents"])
        for row in load("prices")
    )
    stock = StockItem.objects.values_list("stock_location__reference", "sku__code", "quantity")
    assert Counter(stock) == Counter(
        (row["stock_location_reference"], row["sku_code"], row["quantity"])
        for row in load("stock_items")
    )
    assert set(Sku.objects.values_list("reference", "code", "name", "description")) == {
        (row["reference"], row["code"], row["name"], row.get("description")) for row in load("skus")
    }
    assert set(PriceList.objects.values_list("name", "currency_code", "tax_included")) == {
        (row["name"], row["currency_code"], row.get("tax_included", True))
        for row in load("price_lists")
    }
    assert set(StockLocation.objects.values_list("name", flat=True)) == {
        row["name"] for row in load("stock_locations")
    }
