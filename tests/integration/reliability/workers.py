"""Workers that die, and those that come after them."""

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

from django.db import connection
from django.utils import timezone

from imports_app.engine.running.run import run_slice
from imports_app.models import Import, Mode
from imports_app.queue.scheduling import Lease, claim_next
from imports_app.services import ImportOrder, create_import
from tests.integration.reliability.faults import Death, Point, fault
from tests.running import Row

MAX_SLICES = 200

T = TypeVar("T")


def create(resource_type: str, rows: Iterable[Row], **attributes: object) -> Import:
    """A pending import in test mode."""
    order = ImportOrder(
        resource_type=resource_type,
        rows=[json.dumps(row).encode() for row in rows],
        **attributes,  # type: ignore[arg-type]
    )
    return create_import(order=order, mode=Mode.TEST)


def claim() -> Lease:
    """A lease that the scheduler must have to give."""
    lease = claim_next()
    assert lease is not None, "nothing can be claimed"
    return lease


def expire_leases() -> None:
    """Lets every lease end that is held, as time would."""
    past = timezone.now() - timedelta(seconds=1)
    Import.objects.exclude(lease_token=None).update(lease_expires_at=past)


def bury() -> None:
    """What becomes of a dead worker: its session is gone and its lease runs out."""
    end_session()
    expire_leases()


def end_session() -> None:
    """Leave nothing of the connection's session, as the server does when it ends.

    For a new one PostgreSQL reads its catalogue again, which takes longer than most slices. A
    transaction that was open has been rolled back by now.
    """
    if connection.vendor != "postgresql" or not connection.is_usable():
        connection.close()
        return
    with connection.cursor() as cursor:
        for statement in ("CLOSE ALL", "DISCARD TEMP", "RESET ALL"):
            cursor.execute(statement)
        cursor.execute("SELECT pg_advisory_unlock_all()")
    connection.init_connection_state()


def work_and_die(lease: Lease, point: Point) -> bool:
    """Works on a slice until death comes at that point; says whether it came."""
    number, when = point
    try:
        with fault(Death, at=number, when=when):
            run_slice(lease)
    except Death:
        bury()
        return True
    return False


def _undone_alike(lease: Lease) -> set[int]:
    """The numbers of the statements of a slice that have another one of their transaction behind.

    Those that begin and end a transaction are not within it.
    """
    with fault(Death) as counted:
        run_slice(lease)
    return {number for number in counted.within if number + 1 in counted.within}


def each_death(start: Callable[[], Import]) -> Iterator[tuple[int, Import]]:
    """Let the worker of an import die after a statement, and others carry the import out.

    Yields the statement's number and the import, for each statement whose death undoes something
    else than the next one's; last comes a worker that lives. `start` makes the import anew.
    """
    start()
    alike = _undone_alike(claim())
    statement, died = 0, True
    while died:
        statement += 1
        if statement in alike:
            continue
        import_ = start()
        died = work_and_die(claim(), (statement, "after"))
        work_until_idle()
        yield statement, import_


def work_until_idle() -> None:
    """Carries out whatever can be carried out, as workers do who come one after another."""
    for _ in range(MAX_SLICES):
        lease = claim_next()
        if lease is None:
            return
        run_slice(lease)
    raise AssertionError("the imports never end")


def elsewhere(work: Callable[[], T]) -> T:
    """Does it in another thread, on a connection of that thread's own."""

    def on_own_connection() -> T:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(on_own_connection).result()
