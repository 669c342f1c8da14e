"""Two that want the same import at the same moment, on connections of their own.

Both are made to wait for a row that a third transaction has locked, and so start together. On
PostgreSQL they get it in the order in which they came, which is why each race is run both ways.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from imports_app.engine.running.run import run_slice
from imports_app.exceptions import ImportInProgress
from imports_app.models import Import, ImportQueue, Mode
from imports_app.models.status import Move, Status
from imports_app.queue import transitions
from imports_app.queue.scheduling import Lease, claim_next, count_runnable
from imports_app.services import ImportOrder, create_import, delete_import, request_interrupt
from tests.integration.reliability.workers import (
    claim,
    create,
    elsewhere,
    expire_leases,
    work_until_idle,
)
from tests.locks import PATIENCE, await_waiting

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 3

Work = Callable[[], Any]

both_ways = pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "reversed"])


def race(locked: QuerySet[Any], works: list[Work], order: tuple[int, ...]) -> list[Any]:
    """Starts the works in that order while `locked` is locked, then unlocks it; their results."""
    results: list[Any] = [None] * len(works)

    def work(place: int) -> None:
        try:
            results[place] = works[place]()
        except Exception as error:  # noqa: BLE001  (it is the result)
            results[place] = error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool, transaction.atomic():
        list(locked.select_for_update())
        for waiting, place in enumerate(order, 1):
            pool.submit(work, place)
            await_waiting(waiting)
    return results


def row_of(import_: Import) -> QuerySet[Import]:
    return Import.objects.filter(pk=import_.pk)


def queue() -> QuerySet[ImportQueue]:
    return ImportQueue.objects.filter(pk=Mode.TEST)


@both_ways
def test_interrupting_and_completing_at_once_have_one_winner(order: tuple[int, int]) -> None:
    import_ = create("skus", [{}])
    lease = claim()
    done = {"processed_count": 1, "created_count": 1}

    _, completed = race(
        row_of(import_),
        [
            lambda: request_interrupt(import_=import_),
            lambda: transitions.move(lease.import_id, lease.token, Move.COMPLETE, done),
        ],
        order,
    )

    import_.refresh_from_db()
    assert completed
    assert (import_.status, import_.interrupted_at) == (Status.COMPLETED, None)


@both_ways
def test_an_import_that_is_interrupted_while_it_is_claimed_ends_or_is_told_to_stop(
    order: tuple[int, int],
) -> None:
    import_ = create("skus", [{"code": "A", "name": "a"}])

    _, lease = race(
        row_of(import_), [lambda: request_interrupt(import_=import_), claim_next], order
    )

    import_.refresh_from_db()
    if lease is None:
        assert (import_.status, import_.started_at) == (Status.INTERRUPTED, None)
    else:
        assert (import_.status, import_.interrupt_requested) == (Status.IN_PROGRESS, True)
        assert run_slice(lease)
        import_.refresh_from_db()
        assert (import_.status, import_.processed_count) == (Status.INTERRUPTED, 0)
    if connection.vendor == "postgresql":
        assert (lease is None) == (order == (0, 1))


@both_ways
def test_claim_against_the_commit_of_a_slow_worker(order: tuple[int, int]) -> None:
    import_ = create("skus", [{}])
    slow = claim()
    expire_leases()

    lease, held = race(
        row_of(import_),
        [claim_next, lambda: transitions.move(slow.import_id, slow.token, Move.ADVANCE, {})],
        order,
    )

    import_.refresh_from_db()
    owner = slow.token if held else lease.token
    assert (lease is None) == held
    assert import_.lease_token == owner


def test_a_sweep_finds_nothing_to_do_in_the_hands_of_a_live_worker() -> None:
    import_ = create("skus", [{"code": "A", "name": "a"}])
    found: list[Any] = []

    def sweep(execute: Callable[..., Any], *statement: Any) -> Any:
        found.extend([elsewhere(count_runnable), elsewhere(claim_next)])
        return execute(*statement)

    lease = claim()
    with connection.execute_wrapper(sweep):
        assert run_slice(lease)

    import_.refresh_from_db()
    assert import_.status == Status.COMPLETED
    assert found[:2] == [0, None]
    assert set(found) == {0, None}


@both_ways
def test_delete_against_claim(order: tuple[int, int]) -> None:
    import_ = create("skus", [{"code": "A", "name": "a"}])

    refusal, lease = race(
        row_of(import_), [lambda: delete_import(import_=import_), claim_next], order
    )

    if lease is None:
        assert refusal is None
        assert not Import.objects.exists()
    else:
        assert isinstance(refusal, ImportInProgress)
        assert run_slice(lease)


def test_one_import_has_one_winner_among_claims() -> None:
    create("skus", [{}])

    leases = race(queue(), [claim_next] * 4, (0, 1, 2, 3))

    assert len([lease for lease in leases if lease is not None]) == 1


def test_claims_at_once_take_different_imports() -> None:
    imports = {
        create(name, [{}]).pk for name in ("skus", "customers", "price_lists", "tax_calculators")
    }

    leases = race(queue(), [claim_next] * 4, (0, 1, 2, 3))

    assert {lease.import_id for lease in leases} == imports


def test_interrupts_and_workers_at_once_leave_a_final_import() -> None:
    import_ = create("skus", [{"code": "A", "name": "a"}])

    def work() -> None:
        lease = claim_next()
        if lease is not None:
            run_slice(lease)

    race(
        row_of(import_),
        [work, lambda: request_interrupt(import_=import_), work],
        (0, 1, 2),
    )
    work_until_idle()

    import_.refresh_from_db()
    assert import_.status in (Status.COMPLETED, Status.INTERRUPTED)
    assert import_.interrupted_at is None or import_.processed_count == 0


def test_creates_at_once_get_positions_without_a_gap_and_claims_go_by_them() -> None:
    creators, workers = 8, 2
    barrier = Barrier(creators + workers)
    order = ImportOrder(resource_type="skus", rows=[b"{}"])
    left = creators * ROUNDS
    took: list[Lease] = []
    failed = Event()

    def make() -> None:
        barrier.wait(PATIENCE)
        for _ in range(ROUNDS):
            create_import(order=order, mode=Mode.TEST)

    def take() -> None:
        """Claims and completes until all are done; the next can be claimed only then."""
        barrier.wait(PATIENCE)
        while len(took) < left and not failed.is_set():
            lease = claim_next()
            if lease is not None:
                took.append(lease)
                done = {"processed_count": 1, "created_count": 1}
                assert transitions.move(lease.import_id, lease.token, Move.COMPLETE, done)

    def on_own_connection(work: Work) -> None:
        try:
            work()
        except BaseException:
            failed.set()
            raise
        finally:
            connection.close()

    with ThreadPoolExecutor(creators + workers) as pool:
        works = [make] * creators + [take] * workers
        for future in [pool.submit(on_own_connection, work) for work in works]:
            future.result()

    positions = dict(Import.objects.values_list("pk", "position"))
    assert [positions[lease.import_id] for lease in took] == list(range(1, left + 1))
