"""`all_or_nothing`: one transaction that is kept if no row fails, and else leaves nothing."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import override_settings

from imports_app.commerce.models import Sku
from imports_app.engine.running.run import run_slice
from imports_app.models import Import, ImportBatch
from imports_app.models.status import Status
from imports_app.registry import importers
from imports_app.services import relabel, request_interrupt
from imports_app.services.retrying import retry_import
from imports_app.storage.failures import LeftUndone, rows_to_retry
from imports_app.storage.log import errors_log
from tests.factories.commerce import SkuFactory
from tests.integration.reliability.workers import claim, create, elsewhere
from tests.running import Row, counts, run_import, run_to_end

pytestmark = pytest.mark.django_db(transaction=True)

SKUS = importers.get("skus")
NEW: Row = {"code": "NEW", "name": "New"}
BAD: Row = {"code": "BAD"}
BLANK = {"name": ["can't be blank"]}


@pytest.fixture(autouse=True)
def small_chunks() -> Iterator[None]:
    with override_settings(IMPORTS_CHUNK_ROWS=2):
        yield


def codes() -> set[str]:
    return {*Sku.objects.values_list("code", flat=True)}


def test_all_rows_are_kept_if_none_fails() -> None:
    SkuFactory.create(code="OLD")
    SkuFactory.create(code="GONE")
    rows = [NEW, {"code": "OLD", "name": "x"}, {**NEW, "code": "OTHER"}]

    import_ = run_import(SKUS, rows, all_or_nothing=True, cleanup_records=True)

    assert (import_.status, counts(import_)) == (Status.COMPLETED, (2, 1, 0, 0))
    assert (import_.destroyed_count, import_.interruption) == (1, "")
    assert codes() == {"NEW", "OLD", "OTHER"}
    assert sum(batch.rows for batch in ImportBatch.objects.all()) == 3


@pytest.mark.parametrize("dry_run", [False, True])
def test_no_row_is_kept_if_one_fails_and_every_error_is_logged(*, dry_run: bool) -> None:
    SkuFactory.create(code="GONE")
    rows = [BAD, NEW, NEW, {**BAD, "code": "WORSE"}, {**NEW, "code": "OTHER"}]

    import_ = run_import(SKUS, rows, all_or_nothing=True, cleanup_records=True, dry_run=dry_run)

    assert (import_.status, import_.processed_count) == (Status.INTERRUPTED, 0)
    assert (counts(import_), import_.destroyed_count) == ((0, 0, 0, 2), 0)
    assert errors_log(import_) == {
        "import": {"base": ["nothing was imported: 2 of 5 rows failed"]},
        "BAD": BLANK,
        "WORSE": BLANK,
    }
    assert codes() == {"GONE"}
    assert not ImportBatch.objects.exists()


def test_a_row_that_only_the_database_refuses_fails_the_import_too() -> None:
    rows = [{"name": "A", "code": "same"}, {"name": "B"}, {"name": "C", "code": "same"}]

    import_ = run_import(importers.get("shipping_categories"), rows, all_or_nothing=True)

    assert (import_.status, counts(import_)) == (Status.INTERRUPTED, (0, 0, 0, 1))


def test_a_dry_run_of_all_or_nothing_tells_what_would_happen() -> None:
    import_ = run_import(SKUS, [NEW], all_or_nothing=True, dry_run=True)

    assert (import_.status, counts(import_)) == (Status.COMPLETED, (1, 0, 0, 0))
    assert codes() == set()


def test_a_retry_of_all_or_nothing_has_all_rows() -> None:
    rows = [NEW, BAD, {**NEW, "code": "OTHER"}, {**NEW, "code": "LAST"}]
    first = run_import(SKUS, rows, all_or_nothing=True)

    assert len([*rows_to_retry(LeftUndone(first))]) == 4
    retry = run_to_end(retry_import(import_=first))

    assert (retry.inputs_size, retry.all_or_nothing, retry.errors_count) == (4, True, 1)


def stopping_after(batches: int) -> Callable[[], bool]:
    left = iter(range(batches))
    return lambda: next(left, None) is None


def test_a_worker_that_is_asked_to_end_leaves_nothing_and_the_next_one_starts_over() -> None:
    create("skus", [{"code": code, "name": code} for code in "ABCDEF"], all_or_nothing=True)

    assert not run_slice(claim(), stop=stopping_after(1))
    assert codes() == set()

    import_ = run_to_end(Import.objects.get())
    assert (counts(import_), codes()) == ((6, 0, 0, 0), {*"ABCDEF"})


@pytest.mark.skipif(settings.ON_SQLITE, reason="there nobody can write meanwhile")
def test_an_interrupt_takes_back_what_was_done() -> None:
    create("skus", [{"code": code, "name": code} for code in "ABCDEF"], all_or_nothing=True)

    def interrupt() -> bool:
        elsewhere(lambda: request_interrupt(import_=Import.objects.get()))
        return False

    assert run_slice(claim(), stop=interrupt)

    import_ = Import.objects.get()
    assert (import_.status, counts(import_), codes()) == (Status.INTERRUPTED, (0, 0, 0, 0), set())


@pytest.mark.skipif(settings.ON_SQLITE, reason="there nobody can write meanwhile")
def test_others_see_how_far_it_is_and_may_change_its_labels() -> None:
    create("skus", [{"code": code, "name": code} for code in "ABCDEF"], all_or_nothing=True)
    calls = 0

    def look() -> bool:
        """By the second batch others see the first one."""
        nonlocal calls
        calls += 1
        while calls == 2 and not elsewhere(lambda: Import.objects.get().created_count):
            pass
        if calls == 2:
            elsewhere(lambda: relabel(import_=Import.objects.get(), reference="mine"))
        return False

    assert run_slice(claim(), stop=look)

    import_ = Import.objects.get()
    assert (counts(import_), import_.reference) == ((6, 0, 0, 0), "mine")
