"""All that is wrong with a row is told, whatever was found first."""

from typing import Any

import pytest

from imports_app.registry import importers
from imports_app.storage.log import errors_log
from tests.factories.commerce import PriceListFactory, SkuFactory
from tests.running import Row, run_import

pytestmark = pytest.mark.django_db(transaction=True)


def errors(resource_type: str, row: dict[str, Any], **attributes: Any) -> dict[str, list[str]]:
    import_ = run_import(importers.get(resource_type), [row], skip_errors=True, **attributes)
    (entry,) = errors_log(import_).values()
    return entry


def test_a_relation_that_names_nothing_does_not_hide_what_is_missing() -> None:
    assert errors("skus", {"shipping_category_name": "Gone"}) == {
        "shipping_category": ["must exist"],
        "code": ["can't be blank"],
        "name": ["can't be blank"],
    }


def test_a_wrong_value_does_not_hide_a_relation_that_names_nothing() -> None:
    row = {"code": "A", "name": "a", "weight": "heavy", "shipping_category_name": "Gone"}
    assert errors("skus", row) == {
        "weight": ["is not a number"],
        "shipping_category": ["must exist"],
    }


def test_later_rows_do_not_change_a_rows_errors() -> None:
    rows: list[Row] = [{"code": "A", "weight": "heavy"}, {"code": "A", "name": "a"}]
    import_ = run_import(importers.get("skus"), rows, skip_errors=True)
    assert errors_log(import_) == {"A": {"weight": ["is not a number"]}}


def test_an_attribute_that_the_record_has_already_is_not_missing() -> None:
    sku = SkuFactory.create(code="A")
    assert errors("skus", {"code": "A", "weight": "heavy"}).keys() == {"weight"}
    assert errors("skus", {"id": str(sku.pk), "weight": "heavy"}).keys() == {"weight"}


def test_a_parent_is_not_missing_where_the_import_gives_it() -> None:
    parent = PriceListFactory.create()
    row = {"amount_cents": -1}
    assert errors("prices", row, parent_resource_id=str(parent.pk)).keys() == {
        "amount_cents",
        "sku_code",
    }
    assert errors("prices", row).keys() == {"amount_cents", "sku_code", "price_list"}


def test_an_error_is_reported_once() -> None:
    assert errors("skus", {"code": "", "name": None}) == {
        "code": ["can't be blank"],
        "name": ["can't be blank"],
    }
