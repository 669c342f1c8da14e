"""What the database refuses for good ends the import, and says why; nobody tries for ever."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import pytest
from django.db import Error, InternalError, ProgrammingError, connection

from imports_app.commerce.importers.catalog import SkuImporter
from imports_app.commerce.models import PriceList, Sku
from imports_app.engine.running import run
from imports_app.engine.running.run import run_slice
from imports_app.models import Import
from imports_app.models.status import Status
from imports_app.queue.scheduling import claim_next
from imports_app.storage.log import errors_log
from tests.integration.reliability.workers import bury, create

pytestmark = pytest.mark.django_db(transaction=True)

SLICES = 30
ROWS = [{"code": f"S{number}", "name": "sku"} for number in range(5)]


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "RETRY_DELAYS", (0.0,) * len(run.RETRY_DELAYS))


@contextmanager
def without_table(name: str) -> Iterator[None]:
    """As after half a deploy: the code expects a table that isn't there."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {name} RENAME TO somewhere_else")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE somewhere_else RENAME TO {name}")


def work_for_a_while(import_: Import) -> Import:
    """Slice after slice, whatever comes out of them, with a worker's death after each."""
    for _ in range(SLICES):
        lease = claim_next()
        if lease is None:
            break
        with suppress(Error, LookupError):
            run_slice(lease)
        bury()
    import_.refresh_from_db()
    return import_


def reason_of(import_: Import) -> str:
    (reason,) = errors_log(import_)["import"]["base"]
    return reason


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_missing_table_ends_the_import_and_those_behind_it_go_on(dry_run: bool) -> None:  # noqa: FBT001
    import_ = create("skus", ROWS, dry_run=dry_run)
    behind = create("skus", ROWS)

    with without_table(Sku._meta.db_table):
        lease = claim_next()
        assert lease is not None
        with suppress(Error):
            run_slice(lease)
    work_for_a_while(behind)

    import_.refresh_from_db()
    assert (import_.status, import_.processed_count) == (Status.INTERRUPTED, 0)
    assert "the database refuses it" in reason_of(import_)
    assert Sku._meta.db_table in reason_of(import_)
    assert behind.status == Status.COMPLETED


def test_a_missing_table_of_the_parent_ends_the_import() -> None:
    parent = PriceList.objects.create(mode="test", name="List", currency_code="EUR")
    rows = [{"sku_code": "A", "amount_cents": 1}]
    import_ = create("prices", rows, parent_resource_id=str(parent.pk))

    with without_table(PriceList._meta.db_table):
        work_for_a_while(import_)

    assert import_.status == Status.INTERRUPTED
    assert PriceList._meta.db_table in reason_of(import_)


def test_a_missing_table_in_a_cleanup_ends_the_import(monkeypatch: pytest.MonkeyPatch) -> None:
    Sku.objects.create(mode="test", code="GONE", name="sku")

    def fail(*_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM a_table_that_is_not_there")

    monkeypatch.setattr("imports_app.engine.running.cleanup.destroy", fail)
    import_ = work_for_a_while(create("skus", ROWS, cleanup_records=True))

    assert (import_.status, import_.processed_count) == (Status.INTERRUPTED, len(ROWS))
    assert "a_table_that_is_not_there" in reason_of(import_)


def failing(kind: type[Error], cause: Exception) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise kind(str(cause)) from cause

    return fail


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        (ProgrammingError, psycopg.errors.InsufficientPrivilege("permission denied")),
        (ProgrammingError, psycopg.errors.UndefinedColumn("no such column")),
        (InternalError, psycopg.errors.RaiseException("a trigger's own words")),
        (InternalError, psycopg.errors.IndexCorrupted("an index is broken")),
        (ProgrammingError, psycopg.ProgrammingError("cannot adapt type")),
    ],
)
def test_whatever_does_not_pass_ends_the_import(
    kind: type[Error], cause: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imports_app.engine.applying.batch.write", failing(kind, cause))

    import_ = work_for_a_while(create("skus", ROWS))

    assert (import_.status, Sku.objects.count()) == (Status.INTERRUPTED, 0)
    assert type(cause).__name__ in reason_of(import_)


def test_a_hook_that_asks_a_missing_table_ends_the_import(monkeypatch: pytest.MonkeyPatch) -> None:
    def validate(*_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM a_table_that_is_not_there")

    monkeypatch.setattr(SkuImporter, "validate", validate)

    import_ = work_for_a_while(create("skus", ROWS))

    assert import_.status == Status.INTERRUPTED
    assert "a_table_that_is_not_there" in reason_of(import_)


def test_a_type_that_breaks_before_its_first_row_ends_its_imports(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise LookupError("a field that was renamed")

    monkeypatch.setattr("imports_app.engine.holding.context.schema_for", broken)

    import_ = work_for_a_while(create("skus", ROWS))

    assert import_.status == Status.INTERRUPTED
    assert "its resource type failed (LookupError)" in reason_of(import_)
