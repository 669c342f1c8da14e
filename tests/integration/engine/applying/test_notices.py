"""An `id` wins over a key, which is that of another system's record, perhaps: so it is said."""

from typing import Any

import pytest
from django.test import override_settings

from imports_app.commerce.models import Address, Bundle, Price, PriceTier, Sku
from imports_app.models import Format, Import
from imports_app.models.status import Status
from imports_app.registry import importers
from imports_app.storage.log import errors_log, warnings_log
from tests.factories.commerce import (
    AddressFactory,
    BundleFactory,
    MarketFactory,
    PriceFactory,
    PriceListFactory,
    PriceTierFactory,
    SkuFactory,
)
from tests.running import Row, run_import

pytestmark = pytest.mark.django_db(transaction=True)

SKUS = importers.get("skus")


def key_warning(key: str) -> str:
    return f"the record of this id had the key {key} before"


def done(resource_type: str, *rows: Row, **attributes: Any) -> Import:
    import_ = run_import(importers.get(resource_type), rows, skip_errors=True, **attributes)
    assert import_.status == Status.COMPLETED
    return import_


@pytest.mark.parametrize("format_", [Format.JSON, Format.CSV])
def test_the_record_of_the_id_gets_the_key_and_a_warning_names_the_old_one(format_: str) -> None:
    sku = SkuFactory.create(code="OURS", name="Ours")
    other = SkuFactory.create(code="OTHER-1")

    import_ = done("skus", {"id": str(sku.pk), "code": "THEIRS", "name": "Other"}, format=format_)

    assert (import_.updated_count, import_.created_count) == (1, 0)
    assert warnings_log(import_) == {"THEIRS": [key_warning("OURS")]}
    assert dict(Sku.objects.values_list("pk", "code")) == {sku.pk: "THEIRS", other.pk: "OTHER-1"}


def test_a_key_that_another_record_has_fails_the_row_without_a_warning() -> None:
    sku, other = SkuFactory.create(code="OURS"), SkuFactory.create(code="OTHER-1")

    import_ = done("skus", {"id": str(sku.pk), "code": other.code})

    assert errors_log(import_) == {"OTHER-1": {"code": ["has already been taken"]}}
    assert (import_.warnings_count, Sku.objects.get(pk=sku.pk).code) == (0, "OURS")


def test_a_key_that_stays_is_nothing_to_say() -> None:
    sku = SkuFactory.create(code="OURS")
    import_ = done("skus", {"id": str(sku.pk), "code": " OURS"}, {"id": str(sku.pk), "name": "n"})
    assert list(warnings_log(import_).values()) == [["inputs[0] and inputs[1] are the same record"]]


@pytest.mark.parametrize("chunk_rows", [1, 100])
def test_each_change_names_the_key_before_it(chunk_rows: int) -> None:
    sku = SkuFactory.create(code="A")
    rows = [{"id": str(sku.pk), "code": code} for code in "BBC"]
    with override_settings(IMPORTS_CHUNK_ROWS=chunk_rows):
        import_ = done("skus", *rows)
    messages = [message for all_ in warnings_log(import_).values() for message in all_]
    assert [m for m in messages if "the key" in m] == [key_warning("A"), key_warning("B")]


def test_a_dry_run_warns_too() -> None:
    sku = SkuFactory.create(code="OURS")
    import_ = done("skus", {"id": str(sku.pk), "code": "THEIRS"}, dry_run=True)
    assert warnings_log(import_) == {"THEIRS": [key_warning("OURS")]}


def test_a_part_of_a_key_that_refers_to_another_record_is_named_by_its_key() -> None:
    price = PriceFactory.create(
        sku=SkuFactory.create(code="A"), price_list=PriceListFactory.create(name="L")
    )
    SkuFactory.create(code="B")
    import_ = done("prices", {"id": str(price.pk), "sku_code": "B"})
    assert warnings_log(import_) == {"B": [key_warning("A/L")]}
    assert Price.objects.get().sku.code == "B"


def test_a_part_of_a_key_that_was_missing_counts_as_one() -> None:
    bundle = BundleFactory.create(code="B", market=None, currency_code="EUR")
    market = MarketFactory.create(name="M")
    import_ = done("bundles", {"id": str(bundle.pk), "market_name": "M"})
    assert warnings_log(import_) == {"inputs[0]": [key_warning("B")]}
    assert Bundle.objects.get().market == market


def test_a_child_with_an_id_says_it_at_its_row() -> None:
    price = PriceFactory.create(sku=SkuFactory.create(code="A"))
    tier = PriceTierFactory.create(price=price, name="old")
    row: Row = {"id": str(price.pk), "price_tiers": [{"id": str(tier.pk), "name": "new"}]}
    import_ = done("prices", row)
    assert list(warnings_log(import_).values()) == [
        [f"price_tiers[0]: {key_warning(f'{price.pk}/old')}"]
    ]
    assert PriceTier.objects.get().name == "new"


def test_the_reference_of_a_type_without_a_key_is_its_key() -> None:
    address = AddressFactory.create(reference="OURS")
    import_ = done("addresses", {"id": str(address.pk), "reference": "THEIRS"})
    assert warnings_log(import_) == {str(address.pk): [key_warning("OURS")]}
    assert Address.objects.get().reference == "THEIRS"


def test_a_record_that_had_none_is_given_a_reference_without_a_word() -> None:
    address = AddressFactory.create(reference=None)
    import_ = done("addresses", {"id": str(address.pk), "reference": "THEIRS"})
    assert import_.warnings_count == 0
