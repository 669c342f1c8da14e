import pytest

from imports_app.commerce.models import Price, Sku
from imports_app.registry import importers
from imports_app.storage.log import warnings_log
from tests.factories.commerce import PriceFactory, PriceListFactory, SkuFactory
from tests.running import run_import

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_sku_that_has_a_price_outlives_a_cleanup_with_a_warning() -> None:
    SkuFactory.create(code="UNUSED")
    PriceFactory.create(sku__code="PRICED")

    import_ = run_import(
        importers.get("skus"), [{"code": "NEW", "name": "New"}], cleanup_records=True
    )

    assert set(Sku.objects.values_list("code", flat=True)) == {"NEW", "PRICED"}
    assert import_.destroyed_count == 1
    assert list(warnings_log(import_)) == ["PRICED"]


def test_cleanup_of_prices_stays_within_the_price_list() -> None:
    price_list = PriceListFactory.create()
    PriceFactory.create(price_list=price_list)
    other = PriceFactory.create()
    sku = SkuFactory.create()

    import_ = run_import(
        importers.get("prices"),
        [{"sku_code": sku.code, "amount_cents": 1}],
        parent_resource_id=str(price_list.pk),
        cleanup_records=True,
    )

    assert (import_.created_count, import_.destroyed_count) == (1, 1)
    assert set(Price.objects.values_list("sku__code", flat=True)) == {sku.code, other.sku.code}
