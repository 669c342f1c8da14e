"""A worker that lost its lease leaves no trace; one that lives keeps it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from imports_app.engine.running.run import run_slice
from imports_app.models import Import, ImportBatch
from imports_app.queue.scheduling import Lease, claim_next
from tests.integration.reliability.test_trouble import clean_outcome, start
from tests.integration.reliability.workers import claim, elsewhere, expire_leases
from tests.outcome import outcome

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:.*was deleted while still open"),  # a cut-off cursor
]


@pytest.fixture(autouse=True)
def small_batches() -> Iterator[None]:
    with override_settings(IMPORTS_CHUNK_ROWS=2, IMPORTS_CLEANUP_ROWS=1):
        yield


@pytest.fixture
def other() -> Iterator[ThreadPoolExecutor]:
    """A thread with a connection of its own, which it keeps."""
    with ThreadPoolExecutor(1) as pool:
        yield pool
        pool.submit(lambda: connection.close()).result()  # noqa: PLW0108  (that of the thread)


def trace() -> tuple[Any, ...]:
    """All that a worker could have left."""
    import_ = Import.objects.get()
    return outcome(import_), import_.lease_token, ImportBatch.objects.count()


class Takeover:
    """At a statement of the old worker another one takes its import over."""

    def __init__(self, number: int, other: ThreadPoolExecutor) -> None:
        self.number = number
        self.other = other
        self.seen = 0
        self.lease: Lease | None = None
        self.trace: tuple[Any, ...] = ()

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        # On SQLite nobody can take an import over while its batch is in a transaction.
        if connection.vendor != "sqlite" or not connection.in_atomic_block:
            self.seen += 1
            if self.seen == self.number:
                self._hasten()
                self.lease, self.trace = self.other.submit(self._take_over).result()
        return execute(*statement)

    @staticmethod
    def _hasten() -> None:
        """Have the server give up at once on a worker that holds a lock and says nothing."""
        if connection.vendor == "postgresql" and connection.in_atomic_block:
            connection.connection.execute("SET LOCAL idle_in_transaction_session_timeout = 100")

    @staticmethod
    def _take_over() -> tuple[Lease, tuple[Any, ...]]:
        expire_leases()
        return claim(), trace()


def test_a_worker_whose_import_was_taken_over_at_any_statement_leaves_no_trace(
    other: ThreadPoolExecutor,
) -> None:
    expected = clean_outcome()
    number, taken = 1, True
    while taken:
        import_ = start()
        lease = claim()
        takeover = Takeover(number, other)
        with connection.execute_wrapper(takeover):
            finished = run_slice(lease)
        taken = takeover.lease is not None
        if takeover.lease:
            assert not finished
            assert trace() == takeover.trace, f"statement {number}"
            assert run_slice(takeover.lease)
        assert outcome(import_) == expected
        number += 1
    assert number > 5


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="there the batch itself keeps it")
def test_a_heartbeat_keeps_the_lease_while_a_long_batch_is_in_hand() -> None:
    expected = clean_outcome()
    import_ = start()

    def lease_end() -> Any:
        return Import.objects.values_list("lease_expires_at", flat=True).get()

    def outlast() -> None:
        """Waits until the lease would have run out, had nobody renewed it."""
        first = lease_end()
        while Import.objects.held().filter(lease_expires_at=first).exists():
            pass
        while not Import.objects.extra(where=["clock_timestamp() > %s"], params=[first]).exists():
            pass
        assert lease_end() > first
        assert claim_next() is None

    slept = False

    def long_batch(execute: Callable[..., Any], *statement: Any) -> Any:
        nonlocal slept
        if not slept and connection.in_atomic_block:
            slept = True
            elsewhere(outlast)
        return execute(*statement)

    with override_settings(IMPORTS_LEASE_SECONDS=1):
        lease = claim()
        with connection.execute_wrapper(long_batch):
            assert run_slice(lease)

    assert slept
    assert outcome(import_) == expected
