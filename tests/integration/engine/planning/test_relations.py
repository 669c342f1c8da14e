"""Rows point to records by id, by reference or by key, within their mode."""

import pytest

from imports_app.commerce.models import Price, Sku
from imports_app.models import Import, Mode
from imports_app.models.status import Status
from imports_app.registry import importers
from tests.factories.commerce import PriceListFactory, ShippingCategoryFactory, SkuFactory
from tests.running import Row, row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)


def skus(*rows: Row) -> Import:
    return run_import(importers.get("skus"), rows, skip_errors=True)


def prices(*rows: Row, parent: str | None = None) -> Import:
    return run_import(importers.get("prices"), rows, parent_resource_id=parent, skip_errors=True)


def errors(import_: Import) -> dict[int, list[tuple[str, str]]]:
    return {
        index: [(error.attribute, error.code) for error in row]
        for index, row in row_errors(import_).items()
    }


def test_each_form_finds_the_target() -> None:
    category = ShippingCategoryFactory.create(name="Books", reference="ref")

    import_ = skus(
        {"code": "A", "name": "a", "shipping_category_id": str(category.pk)},
        {"code": "B", "name": "b", "shipping_category_reference": "ref"},
        {"code": "C", "name": "c", "shipping_category_name": "Books"},
    )

    assert errors(import_) == {}
    assert Sku.objects.filter(shipping_category=category).count() == 3


def test_forms_that_agree_may_be_given_together() -> None:
    category = ShippingCategoryFactory.create(name="Books", reference="ref")

    import_ = skus(
        {
            "code": "A",
            "name": "a",
            "shipping_category_id": str(category.pk),
            "shipping_category_reference": "ref",
            "shipping_category_name": "Books",
        }
    )

    assert import_.created_count == 1


def test_forms_that_name_different_targets_fail_the_row() -> None:
    category = ShippingCategoryFactory.create()
    ShippingCategoryFactory.create(name="Other")
    row = {
        "code": "A",
        "name": "a",
        "shipping_category_id": str(category.pk),
        "shipping_category_name": "Other",
    }

    assert errors(skus(row)) == {0: [("shipping_category", "mismatch")]}
    row["shipping_category_name"] = None  # type: ignore[assignment]
    assert errors(skus(row)) == {0: [("shipping_category", "mismatch")]}


def test_a_target_that_does_not_exist_fails_the_row() -> None:
    import_ = skus(
        {"code": "A", "name": "a", "shipping_category_id": "999999"},
        {"code": "B", "name": "b", "shipping_category_reference": "gone"},
        {"code": "C", "name": "c", "shipping_category_name": "Gone"},
        {"code": "D", "name": "d", "shipping_category_id": "x"},
        {"code": "E", "name": "e", "shipping_category_id": "0"},
    )

    assert errors(import_) == {index: [("shipping_category", "required")] for index in range(5)}


def test_a_target_of_the_other_mode_does_not_exist() -> None:
    live = ShippingCategoryFactory.create(mode=Mode.LIVE, name="Live", reference="live")

    import_ = skus(
        {"code": "A", "name": "a", "shipping_category_id": str(live.pk)},
        {"code": "B", "name": "b", "shipping_category_reference": "live"},
        {"code": "C", "name": "c", "shipping_category_name": "Live"},
    )

    assert errors(import_) == {index: [("shipping_category", "required")] for index in range(3)}


def test_an_id_of_the_other_mode_names_no_record() -> None:
    live = SkuFactory.create(mode=Mode.LIVE, name="live")

    import_ = skus({"id": str(live.pk), "name": "stolen"})

    assert errors(import_) == {0: [("id", "required")]}
    live.refresh_from_db()
    assert live.name == "live"


def test_a_reference_that_several_have_is_ambiguous() -> None:
    for name in ("One", "Two"):
        ShippingCategoryFactory.create(name=name, reference="same")

    import_ = skus({"code": "A", "name": "a", "shipping_category_reference": "same"})

    assert errors(import_) == {0: [("shipping_category", "ambiguous")]}


def test_a_reference_in_each_mode_is_not_ambiguous() -> None:
    for mode in Mode:
        ShippingCategoryFactory.create(mode=mode, reference="same")

    import_ = skus({"code": "A", "name": "a", "shipping_category_reference": "same"})

    assert import_.created_count == 1


def test_an_absent_relation_keeps_the_records_own() -> None:
    sku = SkuFactory.create(code="A")

    skus({"code": "A", "name": "new"})

    assert Sku.objects.get().shipping_category_id == sku.shipping_category_id


def test_a_relation_that_a_new_record_needs_is_required() -> None:
    import_ = prices({"amount_cents": 1})

    assert errors(import_) == {0: [("price_list", "required"), ("sku_code", "blank")]}


def test_the_parent_stands_in_for_a_relation_that_the_row_leaves_out() -> None:
    price_list = PriceListFactory.create()
    SkuFactory.create(code="A")

    import_ = prices({"sku_code": "A", "amount_cents": 1}, parent=str(price_list.pk))

    assert import_.created_count == 1
    assert Price.objects.get().price_list == price_list


@pytest.mark.parametrize("form", ["id", "reference", "name"])
def test_a_rows_own_relation_wins_over_the_parent(form: str) -> None:
    price_list = PriceListFactory.create()
    own = PriceListFactory.create(name="Own", reference="own")
    name = {"id": str(own.pk), "reference": "own", "name": "Own"}[form]
    SkuFactory.create(code="A")

    prices(
        {"sku_code": "A", "amount_cents": 1, f"price_list_{form}": name},
        parent=str(price_list.pk),
    )

    assert Price.objects.get().price_list == own


def test_a_parent_of_the_other_mode_ends_the_import() -> None:
    live = PriceListFactory.create(mode=Mode.LIVE)

    import_ = prices({"sku_code": "A", "amount_cents": 1}, parent=str(live.pk))

    assert import_.status == Status.INTERRUPTED
    assert import_.interruption
