"""Trouble of the database delays an import; it never changes what comes out of it."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import override_settings

from imports_app.commerce.importers.catalog import SkuImporter
from imports_app.commerce.models import Sku
from imports_app.engine.applying.suspects import MAX_ATTEMPTS
from imports_app.engine.running import run
from imports_app.engine.running.run import run_slice
from imports_app.models import Import
from imports_app.models.status import ACTIVE, Status
from tests.integration.reliability.faults import Death, When, fault
from tests.integration.reliability.workers import (
    bury,
    claim,
    create,
    expire_leases,
    work_until_idle,
)
from tests.outcome import forget, outcome
from tests.running import Row

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:.*was deleted while still open"),  # a lost cursor
]

on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="it takes a server to lose a connection to"
)

ROWS: list[Row] = [
    {"code": "OLD", "name": "changed"},
    {"code": "A", "name": "a"},
    {"code": "B", "weight": "heavy"},
    {"code": "A", "name": "again"},
    {"code": "C", "name": "c"},
]


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "RETRY_DELAYS", (0.0,) * len(run.RETRY_DELAYS))


@pytest.fixture(autouse=True)
def small_batches() -> Iterator[None]:
    with override_settings(IMPORTS_CHUNK_ROWS=2, IMPORTS_CLEANUP_ROWS=1):
        yield


def start() -> Import:
    """An import that creates, updates, fails, warns and destroys."""
    forget()
    for code in ("OLD", "GONE", "GONE2"):
        Sku.objects.create(mode="test", code=code, name=code)
    return create("skus", ROWS, skip_errors=True, cleanup_records=True)


@cache
def clean_outcome() -> dict[str, Any]:
    """That of the import when nothing goes wrong, which is the same in every test."""
    import_ = start()
    work_until_idle()
    return outcome(import_)


def assert_ends_as(expected: dict[str, Any], import_: Import) -> None:
    expire_leases()
    work_until_idle()
    assert outcome(import_) == expected


def trouble(cause: type[Exception], wrapped: type[Exception] = OperationalError) -> Any:
    def make() -> Exception:
        error = wrapped(cause.__name__)
        error.__cause__ = cause()
        return error

    return pytest.param(make, id=cause.__name__)


@pytest.mark.parametrize("when", ["before", "after"])
def test_trouble_once_at_any_statement_changes_nothing(when: When) -> None:
    expected = clean_outcome()
    number, raised = 1, 1
    # Before and after every other statement: what is after one is before the next.
    while raised:
        import_ = start()
        lease = claim()
        with fault(lambda: OperationalError("deadlock detected"), at=number, when=when) as made:
            try:
                run_slice(lease)
            except OperationalError:
                import_.refresh_from_db()
                assert import_.status in ACTIVE, f"{when} statement {number}"
        raised = made.raised
        assert_ends_as(expected, import_)
        number += 2
    assert number > 20


@pytest.mark.parametrize("when", ["before", "after"])
def test_trouble_that_stays_leaves_the_import_for_the_sweep(when: When) -> None:
    expected = clean_outcome()
    number, raised = 1, 1
    while raised:
        import_ = start()
        lease = claim()
        with fault(lambda: OperationalError("disk full"), hits=number.__le__, when=when) as made:
            try:
                run_slice(lease)
            except OperationalError:
                connection.close()
        raised = made.raised
        assert_ends_as(expected, import_)
        number += 5
    assert number > 20


@pytest.mark.parametrize(
    "error",
    [
        trouble(psycopg.errors.DeadlockDetected),
        trouble(psycopg.errors.SerializationFailure),
        trouble(psycopg.errors.LockNotAvailable),
        trouble(psycopg.errors.DiskFull),
        trouble(psycopg.errors.AdminShutdown),
        trouble(psycopg.InterfaceError, InterfaceError),
    ],
)
def test_each_kind_of_trouble_is_outlasted_within_the_slice(error: Callable[[], Exception]) -> None:
    expected = clean_outcome()
    import_ = start()
    lease = claim()

    # In the middle of a batch, and in that of the next try.
    with fault(error, hits=lambda number: number in (9, 20)) as made:
        assert run_slice(lease)

    assert made.raised == 2
    assert outcome(import_) == expected


def test_a_commit_whose_answer_is_lost_counts_once() -> None:
    expected = clean_outcome()
    commits = 0
    import_ = start()
    real: Any = connection
    committing = real._commit

    def commit_and_lose_the_answer() -> None:
        nonlocal commits
        commits += 1
        committing()
        raise OperationalError("server closed the connection unexpectedly")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(real, "_commit", commit_and_lose_the_answer)
        for _ in range(20):
            import_.refresh_from_db()
            if import_.status not in ACTIVE:
                break
            try:
                run_slice(claim())
            except OperationalError:  # of the claim
                expire_leases()

    assert commits > 5
    assert_ends_as(expected, import_)


def test_trouble_is_not_taken_for_deaths_of_a_row_under_suspicion(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import_ = create("skus", [{"code": "A", "name": "a"}])
    with monkeypatch.context() as patch:
        patch.setattr(SkuImporter, "validate", _die)
        with pytest.raises(Death):
            run_slice(claim())
    bury()

    # The database refuses every batch, and lets single statements through.
    for _ in range(MAX_ATTEMPTS + 1):
        lease = claim()
        with monkeypatch.context() as patch:
            patch.setattr("imports_app.engine.applying.batch.write", _full)
            with pytest.raises(OperationalError):
                run_slice(lease)
    work_until_idle()

    import_.refresh_from_db()
    assert (import_.status, import_.interruption) == (Status.COMPLETED, "")


@on_postgresql
def test_a_connection_that_is_cut_in_a_batch_is_replaced() -> None:
    expected = clean_outcome()
    for number in range(1, 40, 2):
        import_ = start()
        lease = claim()
        seen = 0

        def cut(run_statement: Callable[..., Any], *rest: Any, number: int = number) -> Any:
            nonlocal seen
            seen += 1
            if seen == number:
                _terminate(connection)
            return run_statement(*rest)

        with connection.execute_wrapper(cut):
            try:
                run_slice(lease)
            except (OperationalError, InterfaceError):
                connection.close()
        assert_ends_as(expected, import_)


@on_postgresql
def test_a_connection_that_is_cut_at_a_commit_is_replaced() -> None:
    expected = clean_outcome()
    import_ = start()
    lease = claim()
    real: Any = connection
    committing = real._commit
    cuts = 0

    def commit() -> None:
        nonlocal cuts
        if not cuts:
            cuts += 1
            _terminate(connection)
        committing()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(real, "_commit", commit)
        assert run_slice(lease)

    assert cuts == 1
    assert outcome(import_) == expected


def _die(*_: object) -> None:
    raise Death


def _full(*_: object, **__: object) -> None:
    raise OperationalError("disk full")


def _terminate(victim: Any) -> None:
    """Ends the connection from another one, as an administrator or a failing server does."""
    pid = victim.connection.info.backend_pid
    with psycopg.connect(**psycopg_parameters(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
        # The signal takes a moment.
        while other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone():
            pass


def psycopg_parameters() -> dict[str, Any]:
    parameters = connection.get_connection_params()
    return {
        name: parameters[name] for name in ("dbname", "user", "host", "port") if name in parameters
    }
