"""Cleanup destroys what no row stands for, and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models.signals import post_delete
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from imports_app.commerce.models import Price, Sku, SkuListItem
from imports_app.engine.running.run import run_slice
from imports_app.models import Import, Mode
from imports_app.models.status import Status
from imports_app.outputs.selection import entries
from imports_app.queue import transitions
from imports_app.queue.scheduling import Lease
from imports_app.registry import importers
from imports_app.services import request_interrupt
from imports_app.storage.log import errors_log, warnings_log
from tests.factories.commerce import (
    PriceFactory,
    PriceListFactory,
    SkuFactory,
    SkuListItemFactory,
    TagFactory,
)
from tests.factories.imports import ImportFactory
from tests.running import Row, run_import, run_to_end

pytestmark = pytest.mark.django_db(transaction=True)

SKUS = importers.get("skus")


def clean(*rows: Row, **attributes: Any) -> Import:
    return run_import(SKUS, rows, cleanup_records=True, **attributes)


def codes() -> set[str]:
    return set(Sku.objects.filter(mode=Mode.TEST).values_list("code", flat=True))


def test_records_that_no_row_stands_for_are_destroyed() -> None:
    for code in ("KEPT", "GONE", "LOST"):
        SkuFactory.create(code=code)
    live = SkuFactory.create(code="GONE", mode=Mode.LIVE)

    import_ = clean({"code": "KEPT"}, {"code": "NEW", "name": "new"})

    assert (import_.status, import_.destroyed_count) == (Status.COMPLETED, 2)
    assert codes() == {"KEPT", "NEW"}
    assert Sku.objects.filter(pk=live.pk).exists()


@pytest.mark.parametrize(
    "row",
    [
        {"code": "KEPT", "weight": "x"},
        {"code": "KEPT", "colour": "red", "name": None},
        {"code": "KEPT", "name": "a", "shipping_category_name": "Gone"},
    ],
)
def test_the_record_of_a_row_that_failed_is_kept(row: Row) -> None:
    for code in ("KEPT", "GONE"):
        SkuFactory.create(code=code)

    import_ = clean(row, skip_errors=True)

    assert (import_.errors_count, import_.destroyed_count) == (1, 1)
    assert codes() == {"KEPT"}
    assert import_.warnings_count == 0


def test_a_record_that_a_failed_row_names_by_id_is_kept() -> None:
    kept, _ = SkuFactory.create(code="KEPT"), SkuFactory.create(code="GONE")

    clean({"id": str(kept.pk), "weight": "x"}, skip_errors=True)

    assert codes() == {"KEPT"}


@pytest.mark.usefixtures("numbered")
def test_a_number_where_text_is_asked_for_still_says_which_record_is_meant() -> None:
    _, named, _ = (Group.objects.create(name=name) for name in ("7", "NAMED", "GONE"))

    import_ = run_import(
        importers.get("groups"),
        [{"name": 7}, {"id": named.pk, "name": "NAMED"}],
        cleanup_records=True,
        skip_errors=True,
    )

    assert (import_.errors_count, import_.destroyed_count) == (1, 1)
    assert set(Group.objects.values_list("name", flat=True)) == {"7", "NAMED"}


@pytest.fixture
def permissions_put_back(transactional_db: None) -> Iterator[None]:
    """They and their types are there for all tests; see tests/emptying.py."""
    before, types = list(Permission.objects.all()), set(ContentType.objects.values_list("pk"))
    yield
    Permission.objects.all().delete()
    Permission.objects.bulk_create(before)
    ContentType.objects.exclude(pk__in=[pk for (pk,) in types]).delete()


@pytest.mark.usefixtures("numbered", "permissions_put_back")
def test_a_number_for_a_relation_of_the_key_still_says_which_record_is_meant() -> None:
    kinds = [ContentType.objects.create(app_label="shop", model=name) for name in "ab"]
    for kind in kinds:
        Permission.objects.create(content_type=kind, codename="sell", name="Can sell")
    Permission.objects.exclude(content_type__in=kinds).delete()

    import_ = run_import(
        importers.get("permissions"),
        [{"content_type_id": kinds[0].pk, "codename": "sell", "name": 7}],
        cleanup_records=True,
        skip_errors=True,
    )

    assert (import_.errors_count, import_.destroyed_count) == (1, 1)
    assert Permission.objects.get().content_type == kinds[0]


@pytest.mark.parametrize("row", [{}, {"name": "a"}, {"code": ""}, {"code": {}}, {"id": None}])
def test_one_failed_row_without_key_or_id_keeps_everything(row: Row) -> None:
    SkuFactory.create(code="OLD")

    import_ = clean(row, {"code": "NEW", "name": "n"}, skip_errors=True)

    assert (import_.status, import_.destroyed_count) == (Status.COMPLETED, 0)
    assert codes() == {"OLD", "NEW"}
    assert import_.warnings_count == 1
    assert "nothing was destroyed" in warnings_log(import_)["import"][0]
    assert "import" not in errors_log(import_)


@override_settings(IMPORTS_CLEANUP_ROWS=2, IMPORTS_CHUNK_ROWS=1, IMPORTS_SLICE_SECONDS=0)
def test_batches_and_slices_count_and_warn_once() -> None:
    for number in range(5):
        SkuFactory.create(code=f"GONE-{number}")
    for number in range(3):
        PriceFactory.create(sku__code=f"PRICED-{number}")
    for number in range(2):
        SkuFactory.create(code=f"LAST-{number}")

    import_ = clean({"code": "A", "name": "a"}, {"code": "B", "name": "b"})

    priced = {"PRICED-0", "PRICED-1", "PRICED-2"}
    assert (import_.destroyed_count, import_.warnings_count) == (7, 3)
    assert codes() == {"A", "B"} | priced
    assert set(warnings_log(import_)) == priced


@pytest.mark.parametrize("page", [1, 2, 7])
def test_what_stays_is_found_in_however_many_pages(
    page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imports_app.engine.running.id_queries.PAGE", page)
    for number in range(7):
        SkuFactory.create(code=f"C{number}")

    import_ = clean({"code": "C0"}, {"code": "C3"}, {"code": "C4"})

    assert import_.destroyed_count == 4
    assert codes() == {"C0", "C3", "C4"}


@pytest.fixture
def stubborn() -> Iterator[None]:
    """A trigger with which the database keeps a record, and does not say so."""
    with connection.cursor() as cursor:
        cursor.execute(f"""
            CREATE FUNCTION stubborn() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RETURN CASE WHEN OLD.code = 'STUBBORN' THEN NULL ELSE OLD END; END $$;
            CREATE TRIGGER stubborn BEFORE DELETE ON {Sku._meta.db_table}
            FOR EACH ROW EXECUTE FUNCTION stubborn();
        """)
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER stubborn ON {Sku._meta.db_table}; DROP FUNCTION stubborn")


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="the trigger is PostgreSQL's")
@pytest.mark.usefixtures("stubborn")
def test_what_the_database_keeps_silently_is_no_change() -> None:
    for code in ("GONE", "STUBBORN"):
        SkuFactory.create(code=code)

    import_ = clean({"code": "KEPT", "name": "n"})

    assert import_.destroyed_count == 1
    assert [each.key for each in entries(import_)] == ["KEPT", "GONE"]


@override_settings(IMPORTS_CLEANUP_ROWS=1, IMPORTS_SLICE_SECONDS=0)
def test_an_interrupt_stops_a_cleanup_before_its_next_batch() -> None:
    for number in range(3):
        SkuFactory.create(code=f"GONE-{number}")
    import_ = ImportFactory.create(rows=[{"code": "A", "name": "a"}], cleanup_records=True)
    for _ in range(2):
        token = transitions.claim(import_.pk)
        assert token is not None
        run_slice(Lease(import_.pk, token))

    request_interrupt(import_=import_)
    run_to_end(import_)

    assert (import_.status, import_.destroyed_count) == (Status.INTERRUPTED, 1)
    assert codes() == {"A", "GONE-1", "GONE-2"}


@override_settings(IMPORTS_CHUNK_ROWS=1, IMPORTS_SLICE_SECONDS=0)
def test_a_worker_that_takes_over_knows_what_to_keep() -> None:
    for code in ("FAILED", "CHANGED", "GONE"):
        SkuFactory.create(code=code)
    changed = Sku.objects.get(code="CHANGED")

    import_ = clean(
        {"code": "FAILED", "weight": "x"},
        {"id": str(changed.pk), "code": "RENAMED"},
        {"code": "NEW", "name": "n"},
        skip_errors=True,
    )

    assert import_.destroyed_count == 1
    assert codes() == {"FAILED", "RENAMED", "NEW"}


def test_a_price_that_names_a_sku_that_is_gone_matches_no_record() -> None:
    price_list = PriceListFactory.create()
    price = PriceFactory.create(price_list=price_list)

    import_ = run_import(
        importers.get("prices"),
        [{"sku_code": "NOWHERE", "amount_cents": 1}],
        parent_resource_id=str(price_list.pk),
        cleanup_records=True,
        skip_errors=True,
    )

    assert (import_.errors_count, import_.destroyed_count) == (1, 1)
    assert not Price.objects.filter(pk=price.pk).exists()


def queries_of_a_cleanup(records: int) -> int:
    """How many an import of one SKU takes that destroys so many others."""
    skus = (Sku(code=f"C{n}", name="n", mode=Mode.TEST) for n in range(records))
    Sku.objects.bulk_create(skus)
    with CaptureQueriesContext(connection) as queries:
        import_ = clean({"code": "A", "name": "a"})
    assert import_.destroyed_count == records
    return len(queries)


def test_a_cleanup_takes_few_queries_however_many_records_go() -> None:
    # SQLite takes so many parameters a statement: Django deletes in pieces there.
    assert queries_of_a_cleanup(300) <= queries_of_a_cleanup(3) + 10


def test_dependent_records_go_with_a_record() -> None:
    tagged = SkuFactory.create(code="TAGGED")
    tagged.tags.add(TagFactory.create())
    listed = SkuListItemFactory.create()

    lists = run_import(importers.get("sku_lists"), [{"name": "New"}], cleanup_records=True)
    skus = clean({"code": "A", "name": "a"})

    assert (lists.destroyed_count, skus.destroyed_count) == (1, 2)
    assert codes() == {"A"}
    assert not SkuListItem.objects.filter(pk=listed.pk).exists()
    assert not Sku.tags.through.objects.exists()


def test_delete_signals_are_sent_for_each_record(request: pytest.FixtureRequest) -> None:
    heard: list[str] = []

    def hear(instance: Sku, **_: Any) -> None:
        heard.append(instance.code)

    post_delete.connect(hear, sender=Sku)
    request.addfinalizer(lambda: post_delete.disconnect(hear, sender=Sku))
    for code in ("GONE", "LOST"):
        SkuFactory.create(code=code)

    clean({"code": "A", "name": "a"})

    assert sorted(heard) == ["GONE", "LOST"]
