"""Dry runs and limits of cleanup: everything is told, nothing is done."""

import pytest
from django.conf import settings
from django.test import override_settings

from imports_app.commerce.models import Price, ShippingCategory, Sku
from imports_app.engine.running.run import run_slice
from imports_app.models import Import, ImportBatch
from imports_app.models.status import Status
from imports_app.registry import importers
from imports_app.storage.log import errors_log, warnings_log
from tests.factories.commerce import PriceFactory, SkuFactory
from tests.integration.reliability.workers import claim, create, elsewhere
from tests.running import Row, run_import, run_to_end

pytestmark = pytest.mark.django_db(transaction=True)

SKUS = importers.get("skus")
COUNTS = ("created_count", "updated_count", "unchanged_count", "errors_count", "destroyed_count")


def counts(import_: Import) -> list[int]:
    return [getattr(import_, name) for name in COUNTS]


def test_a_dry_run_tells_what_would_happen_and_changes_nothing() -> None:
    SkuFactory.create(code="OLD", name="old")
    SkuFactory.create(code="SAME", name="same")
    before = list(Sku.objects.order_by("pk").values())
    rows: list[Row] = [
        {"code": "NEW", "name": "new"},
        {"code": "OLD", "name": "other"},
        {"code": "SAME", "name": "same"},
        {"code": "BAD"},
        {"code": "NEW", "weight": 2},  # builds on the first row
    ]
    import_ = run_import(SKUS, rows, dry_run=True, skip_errors=True)
    assert import_.status == Status.COMPLETED
    assert counts(import_) == [1, 2, 1, 1, 0]
    assert errors_log(import_) == {"BAD": {"name": ["can't be blank"]}}
    assert warnings_log(import_) == {"NEW": ["inputs[0] and inputs[4] are the same record"]}
    assert list(Sku.objects.order_by("pk").values()) == before
    assert not ImportBatch.objects.exists()


@override_settings(IMPORTS_CHUNK_ROWS=2)
def test_a_dry_run_says_the_same_as_the_run_after_it() -> None:
    ShippingCategory.objects.create(mode="test", name="Taken", code="taken")
    importer = importers.get("shipping_categories")
    rows: list[Row] = [
        {"name": "A", "code": "a"},
        {"name": "B", "code": "a"},  # refused by the database alone
        {"name": "C", "code": "taken"},
        {"name": "A", "code": None},
        {"name": "B", "code": "a"},
    ]
    dry = run_import(importer, rows, dry_run=True, skip_errors=True, cleanup_records=True)
    real = run_import(importer, rows, skip_errors=True, cleanup_records=True)
    assert counts(dry) == counts(real) == [2, 1, 0, 2, 1]
    assert errors_log(dry) == errors_log(real)
    assert warnings_log(dry) == warnings_log(real)


def test_a_dry_run_stops_at_the_row_that_is_one_failure_too_many() -> None:
    rows = [{"code": "A", "name": "a"}, {"code": "B"}, {"code": "C", "name": "c"}]
    import_ = run_import(SKUS, rows, dry_run=True)
    assert import_.status == Status.INTERRUPTED
    assert (import_.processed_count, import_.errors_count) == (1, 1)
    assert not Sku.objects.exists()


@pytest.mark.parametrize(("count", "records"), [(3, "3 records"), (1, "1 record")])
def test_a_cleanup_over_its_limit_destroys_nothing_and_says_so(count: int, records: str) -> None:
    SkuFactory.create_batch(count)
    rows = [{"code": "A", "name": "a"}]
    import_ = run_import(SKUS, rows, cleanup_records=True, cleanup_limit=count - 1)
    assert import_.destroyed_count == 0
    assert Sku.objects.count() == count + 1
    (message,) = warnings_log(import_)["import"]
    assert f"would destroy {records}, more than {count - 1}" in message


def test_protected_records_do_not_count_against_the_limit() -> None:
    PriceFactory.create()  # protects its SKU
    SkuFactory.create_batch(2)
    import_ = run_import(SKUS, [{"code": "A", "name": "a"}], cleanup_records=True, cleanup_limit=2)
    assert (import_.destroyed_count, import_.warnings_count) == (2, 1)
    assert Price.objects.count() == 1


@override_settings(IMPORTS_CLEANUP_PERCENT=50)
def test_a_share_of_the_records_is_the_limit_by_default() -> None:
    SkuFactory.create_batch(3)
    import_ = run_import(SKUS, [{"code": "A", "name": "a"}], cleanup_records=True)
    assert import_.destroyed_count == 0
    allowed = run_import(SKUS, [{"code": "A"}], cleanup_records=True, cleanup_limit=3)
    assert allowed.destroyed_count == 3


@pytest.mark.skipif(settings.ON_SQLITE, reason="there nobody can write meanwhile")
@override_settings(IMPORTS_CHUNK_ROWS=1)
def test_others_see_how_far_a_dry_run_is_and_the_next_try_does_not_go_by_it() -> None:
    import_ = create("skus", [{"code": code, "name": code} for code in "ABC"], dry_run=True)
    batches = 0

    def stop_after_two_batches() -> bool:
        """By then others have seen the first one."""
        nonlocal batches
        batches += 1
        while batches == 2 and elsewhere(lambda: Import.objects.get().created_count) == 0:
            pass
        return batches == 2

    assert not run_slice(claim(), stop=stop_after_two_batches)

    assert counts(run_to_end(import_)) == [3, 0, 0, 0, 0]
    assert not Sku.objects.exists()
