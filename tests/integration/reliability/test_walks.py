"""A walk through pages in the order of creation, while others create.

Nothing is left to chance: transactions are held open at the moment that matters.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from imports_app.engine.running.run import run_slice
from imports_app.models import Import, ImportQueue, Mode
from tests.factories.clients import ApiClientFactory
from tests.integration.api.caller import Caller
from tests.integration.reliability.workers import claim, create, elsewhere, work_until_idle
from tests.locks import PATIENCE, await_waiting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def caller() -> Caller:
    return Caller(ApiClientFactory.create(mode=Mode.TEST))


def pages(caller: Caller, path: str, numbers: range) -> list[str]:
    """The ids on those pages of one each."""
    found = []
    for number in numbers:
        answer = elsewhere(lambda: caller.get(f"{path}&page[size]=1&page[number]={number}"))  # noqa: B023
        found += [resource["id"] for resource in answer.data]
    return found


@contextmanager
def watching(statement: Callable[[str], bool], reached: Event) -> Iterator[None]:
    """Sets the event right before this thread's connection carries out such a statement."""

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        if statement(sql):
            reached.set()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield


def waits_for_its_place(sql: str) -> bool:
    """Whether the statement is the one that waits for other creates."""
    return sql.startswith("BEGIN") if connection.vendor == "sqlite" else "importqueue" in sql


def test_an_import_that_waits_for_its_place_comes_after_those_before_it(caller: Caller) -> None:
    reached = Event()

    def late() -> Import:
        try:
            with watching(waits_for_its_place, reached):
                return create("skus", [{"code": "B"}])
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            ImportQueue.objects.lock(Mode.TEST)
            waiting = pool.submit(late)
            assert reached.wait(PATIENCE)
            first = create("skus", [{"code": "A"}])
        walked = pages(caller, "/api/imports?sort=created_at", range(1, 2))
        second = waiting.result()
    walked += pages(caller, "/api/imports?sort=created_at", range(2, 4))

    assert walked == [str(first.pk), str(second.pk)]
    assert first.created_at < second.created_at


@pytest.mark.parametrize("resource_type", ["imports", "skus"])
def test_what_is_created_while_a_page_is_read_shifts_nothing(
    caller: Caller, resource_type: str
) -> None:
    """A page behind the middle is read from the end, which has moved by then."""
    create("skus", [{"code": code, "name": code} for code in "ABC"])
    create("customers", [{"email": "a@example.com"}])
    create("customers", [{"email": "b@example.com"}])
    work_until_idle()
    path = f"/api/{resource_type}?sort=created_at"
    expected = pages(caller, path, range(1, 4))
    created: list[Import] = []

    def create_after_the_count(
        execute: Any,
        sql: str,
        params: Any,
        many: bool,  # noqa: FBT001  (Django's signature)
        context: Any,
    ) -> Any:
        result = execute(sql, params, many, context)
        if "COUNT(" in sql.upper() and not created:
            created.append(elsewhere(another))
        return result

    def another() -> Import:
        import_ = create("skus", [{"code": "D", "name": "D"}])
        work_until_idle()
        return import_

    with connection.execute_wrapper(create_after_the_count):
        answer = caller.get(f"{path}&page[size]=1&page[number]=3")

    assert len(created) == 1
    assert [resource["id"] for resource in answer.data] == expected[2:]


def test_tags_that_are_made_side_by_side_are_walked_in_the_order_of_their_commits(
    caller: Caller,
) -> None:
    path = "/api/tags?sort=created_at"
    create("tags", [{"name": "first"}])
    work_until_idle()
    create("skus", [{"code": "A", "name": "a", "tags": ["early"]}])
    create("customers", [{"email": "a@example.com", "tags": ["late"]}])
    leases = claim(), claim()
    reached = Event()

    def other() -> None:
        try:
            with watching(lambda sql: sql.startswith("BEGIN"), reached):
                run_slice(leases[1])
        finally:
            connection.close()

    walked = pages(caller, path, range(1, 2))
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            run_slice(leases[0])
            working = pool.submit(other)
            await_stillness(working, reached)
            walked += pages(caller, path, range(2, 3))
        working.result()
    walked += pages(caller, path, range(len(walked) + 1, 5))

    assert len(walked) == len(set(walked)) == 3


def await_stillness(working: Future[None], reached: Event) -> None:
    """Until it waits for a lock, or is done."""
    if connection.vendor == "sqlite":
        assert reached.wait(PATIENCE)
    else:
        await_waiting(unless=working)


def test_the_time_of_creation_does_not_go_back_with_the_clock() -> None:
    first = create("skus", [{"code": "A"}])
    ahead = first.created_at + timedelta(hours=1)
    ImportQueue.objects.filter(pk=Mode.TEST).update(last_created_at=ahead)

    following = [create("skus", [{"code": code}]).created_at for code in "BC"]

    assert ahead < following[0] < following[1]
