"""Imports carried out by the process that makes them."""

import json
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from imports_app.commerce.models import Price, ShippingCategory, Sku
from imports_app.exceptions import HeldElsewhere
from imports_app.models import Import, Mode
from imports_app.models.status import ACTIVE, Status
from imports_app.queue import bell, transitions
from imports_app.queue.scheduling import claim_toward
from imports_app.services import ImportOrder, create_import
from imports_app.services.in_process import carry_out
from imports_app.services.retrying import retry_import
from imports_app.services.undoing import undo_import
from tests.factories.commerce import PriceListFactory, SkuFactory
from tests.running import counts, row_errors


@pytest.fixture(autouse=True)
def no_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever carries imports out himself needs no broker."""
    monkeypatch.setattr(bell.broker, "admits", lambda: pytest.fail("the bell was rung"))


@pytest.fixture
def eager(settings: Settings) -> None:
    settings.IMPORTS_EAGER = True


def make(resource_type: str, *rows: dict[str, Any], **attributes: Any) -> Import:
    order = ImportOrder(
        resource_type=resource_type, rows=[json.dumps(row).encode() for row in rows], **attributes
    )
    return create_import(order=order, mode=Mode.TEST)


@pytest.mark.django_db
@pytest.mark.usefixtures("eager")
class TestEagerlyInATransaction:
    """As Django's TestCase has it: nothing is ever committed."""

    def test_an_import_is_final_once_it_is_made(self) -> None:
        assert connection.in_atomic_block
        import_ = make("skus", {"code": "A", "name": "a"}, {"code": "B", "name": "b"})
        assert (import_.status, counts(import_)) == (Status.COMPLETED, (2, 0, 0, 0))
        assert {*Sku.objects.values_list("code", flat=True)} == {"A", "B"}

    def test_each_of_several_writes_its_own_rows_only(self) -> None:
        """On PostgreSQL the rows of those before stay in the stage."""
        make("skus", {"code": "A", "name": "a"}, {"code": "B", "name": "b"})
        second = make("skus", {"code": "B", "name": "new"})
        third = make("skus", {"code": "A", "name": "a"})
        assert [counts(each) for each in (second, third)] == [(0, 1, 0, 0), (0, 0, 1, 0)]

    def test_a_row_that_the_database_refuses_fails_alone(self) -> None:
        price_list = PriceListFactory.create(mode=Mode.TEST)
        sku = SkuFactory.create(mode=Mode.TEST)
        good = {"sku_code": sku.code, "amount_cents": 100}
        bad = good | {"sku_code": "none"}
        import_ = make("prices", bad, good, parent_resource_id=str(price_list.pk), skip_errors=True)
        assert import_.status == Status.COMPLETED
        assert [*row_errors(import_)] == [0]
        assert Price.objects.get().amount_cents == 100

    def test_a_dry_run_leaves_nothing(self) -> None:
        import_ = make("skus", {"code": "A", "name": "a"}, dry_run=True)
        assert (import_.status, import_.created_count) == (Status.COMPLETED, 1)
        assert not Sku.objects.exists()

    def test_a_cleanup_destroys_the_others(self) -> None:
        make("shipping_categories", {"name": "A"}, {"name": "B"})
        import_ = make("shipping_categories", {"name": "B"}, cleanup_records=True)
        assert (import_.status, import_.destroyed_count) == (Status.COMPLETED, 1)
        assert ShippingCategory.objects.get().name == "B"

    def test_a_retry_is_carried_out_too(self) -> None:
        first = make("skus", {"code": "A"})
        assert first.status == Status.INTERRUPTED
        retry = retry_import(import_=first)
        assert retry.status == Status.INTERRUPTED

    def test_an_import_is_undone_at_once(self) -> None:
        import_ = make("skus", {"code": "A", "name": "a"}, keep_changes=True)
        undo = undo_import(import_=import_)
        assert undo.status == Status.COMPLETED
        assert not Sku.objects.exists()

    def test_an_import_that_is_rolled_back_leaves_no_trace(self) -> None:
        with transaction.atomic():
            make("skus", {"code": "A", "name": "a"})
            transaction.set_rollback(True)
        again = make("skus", {"code": "A", "name": "a"})
        assert again.created_count == 1

    def test_an_import_that_another_process_holds_is_not_waited_for(
        self, settings: Settings
    ) -> None:
        settings.IMPORTS_EAGER = False
        first = queued("A")
        transitions.claim(first.pk)
        settings.IMPORTS_EAGER = True
        with pytest.raises(HeldElsewhere):
            make("skus", {"code": "B", "name": "b"})


@pytest.mark.django_db(transaction=True)
class TestHere:
    """Without a transaction around it, as a command does."""

    def test_earlier_imports_that_could_touch_the_same_come_first(self) -> None:
        earlier, import_, later = queued("A"), queued("A"), queued("A")
        carry_out(import_)
        earlier.refresh_from_db()
        later.refresh_from_db()
        assert (earlier.created_count, import_.unchanged_count) == (1, 1)
        assert later.status == Status.PENDING

    def test_others_are_left_to_workers(self) -> None:
        other = queued("A", resource_type="customers")
        carry_out(queued("A"))
        other.refresh_from_db()
        assert other.status == Status.PENDING

    def test_the_process_ends_between_slices_when_it_is_asked_to(self, settings: Settings) -> None:
        settings.IMPORTS_CHUNK_ROWS = 1
        order = [json.dumps({"code": code, "name": "n"}).encode() for code in "ABC"]
        with bell.silence():
            import_ = create_import(
                order=ImportOrder(resource_type="skus", rows=order), mode="test"
            )
        seen: list[int] = []
        carry_out(import_, stop=lambda: bool(Sku.objects.count()), each=note(seen))
        assert (import_.status, seen) == (Status.IN_PROGRESS, [1])
        assert import_.lease_token is None
        carry_out(import_, each=note(seen))
        assert (import_.status, seen) == (Status.COMPLETED, [1, 3])

    def test_an_import_is_eager_without_a_transaction_too(self, settings: Settings) -> None:
        settings.IMPORTS_EAGER = True
        assert make("skus", {"code": "A", "name": "a"}).status not in ACTIVE

    def test_a_final_import_is_not_claimed(self) -> None:
        import_ = queued("A")
        carry_out(import_)
        assert claim_toward(import_) is None


def queued(code: str, resource_type: str = "skus") -> Import:
    row = {"code": code, "name": "n"}
    if resource_type == "customers":
        row = {"email": f"{code}@example.com"}
    with bell.silence():
        return make(resource_type, row)


def note(seen: list[int]) -> Any:
    return lambda import_: seen.append(import_.processed_count)
