import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event
from typing import Any, TypeVar

import pytest
from django.db import connection, connections, transaction
from pytest_django import Settings

from imports_app.models import Import, Mode
from imports_app.queue import idempotency
from imports_app.services import ImportOrder, create_import, delete_import
from tests.factories.clients import ApiClientFactory
from tests.integration.api.caller import Answer, Caller, import_document
from tests.integration.api.test_failures import failed, numbered

PATH = "/api/imports"
WATCHDOG = 30  # seconds
# Where an equal request waits: at the start of its transaction, or at the unique constraint.
WAITS_AT = ("BEGIN", 'INSERT INTO "imports_app_import"')

T = TypeVar("T")


def create(caller: Caller, key: str | None = "k", **attributes: Any) -> Answer:
    headers = {} if key is None else {"Idempotency_Key": key}
    return caller.post(PATH, import_document(**attributes), **headers)


def replayed(answer: Answer) -> bool:
    return bool(answer.headers.get("Idempotency-Replayed") == "true")


def closing(call: Callable[[], T], reached: Event | None = None) -> Callable[[], T]:
    """The call for a thread of its own; `reached` is set when it is about to wait."""

    def look(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if reached is not None and sql.startswith(WAITS_AT):
            reached.set()
        return execute(sql, *args)

    def run() -> T:
        try:
            with connection.execute_wrapper(look):
                return call()
        finally:
            connections.close_all()

    return run


def together(count: int, call: Callable[[], T]) -> list[T]:
    """What that many calls give that start at the same moment, each in a thread."""
    barrier = Barrier(count)

    def run() -> T:
        barrier.wait(WATCHDOG)
        return call()

    with ThreadPoolExecutor(count) as pool:
        calls = [pool.submit(closing(run)) for _ in range(count)]
        return [done.result() for done in calls]


@contextmanager
def uncommitted(caller: Caller, key: idempotency.IdempotencyKey) -> Iterator[None]:
    """An import is being made under that key, of another body; it is committed at the end."""
    order = ImportOrder(resource_type="skus", rows=[b"{}"])
    with transaction.atomic():
        create_import(order=order, mode=caller.mode, caller=caller.client.client_id, key=key)
        yield


def setting(name: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"{'PRAGMA' if connection.vendor == 'sqlite' else 'SHOW'} {name}")
        return cursor.fetchone()


@pytest.mark.django_db
class TestOneAfterTheOther:
    def test_an_equal_request_gives_the_import_as_it_is_now(self, caller: Caller) -> None:
        first = create(caller)
        assert (first.status, "Idempotency-Replayed" in first.headers) == (201, False)
        Import.objects.update(reference="changed meanwhile")
        second = create(caller)
        assert second.status == 201
        assert second.headers["Idempotency-Replayed"] == "true"
        assert second.headers["Location"] == first.headers["Location"]
        assert second.data["id"] == first.data["id"]
        assert second.data["attributes"]["reference"] == "changed meanwhile"
        assert second.data["attributes"]["inputs"] == [{"code": "A", "name": "a"}]
        assert Import.objects.count() == 1

    def test_another_body_is_refused(self, caller: Caller) -> None:
        create(caller)
        answer = create(caller, reference="another")
        assert (answer.status, answer.error["code"]) == (422, "VALIDATION_ERROR")
        assert "Idempotency-Key" in answer.error["detail"]
        assert Import.objects.count() == 1

    def test_every_byte_of_the_body_counts(self, caller: Caller) -> None:
        document = import_document()
        first = caller.post(PATH, document, Idempotency_Key="k")
        spaced = json.dumps(document, indent=1).encode()
        assert first.status == 201
        assert caller.post(PATH, spaced, Idempotency_Key="k").status == 422

    def test_without_a_key_every_request_makes_an_import(self, caller: Caller) -> None:
        assert create(caller, None).data["id"] != create(caller, None).data["id"]

    def test_other_keys_make_other_imports(self, caller: Caller) -> None:
        assert create(caller, "a").data["id"] != create(caller, "A").data["id"]

    def test_a_key_is_the_clients_own(self, caller: Caller) -> None:
        other = Caller(ApiClientFactory.create())
        live = Caller(ApiClientFactory.create(mode=Mode.LIVE))
        ids = {create(each).data["id"] for each in (caller, other, live)}
        assert len(ids) == 3
        assert create(other, reference="x").status == 422

    def test_a_client_that_changes_its_mode_does_not_meet_its_old_imports(
        self, caller: Caller
    ) -> None:
        first = create(caller)
        caller.client.mode = Mode.LIVE
        caller.client.save()
        second = create(caller)
        assert second.data["id"] != first.data["id"]
        assert second.data["meta"]["mode"] == "live"
        assert not replayed(second)

    @pytest.mark.parametrize("attributes", [{"inputs": []}, {"resource_type": "unicorns"}])
    def test_a_refused_request_keeps_no_key(
        self, caller: Caller, attributes: dict[str, Any]
    ) -> None:
        assert create(caller, **attributes).status == 422
        answer = create(caller)
        assert (answer.status, replayed(answer)) == (201, False)

    def test_a_key_lasts_as_long_as_its_import(self, caller: Caller) -> None:
        first = create(caller)
        delete_import(import_=Import.objects.get())
        second = create(caller, reference="another body")
        assert (second.status, replayed(second)) == (201, False)
        assert second.data["id"] != first.data["id"]

    def test_a_replay_is_not_refused_for_what_came_later(
        self, caller: Caller, settings: Settings
    ) -> None:
        settings.IMPORTS_MAX_ACTIVE = 1
        create(caller)
        assert replayed(create(caller))
        assert create(caller, "other").status == 429

    def test_a_replay_shows_only_the_fields_asked_for(self, caller: Caller) -> None:
        create(caller)
        path = f"{PATH}?fields[imports]=status"
        answer = caller.post(path, import_document(), Idempotency_Key="k")
        assert replayed(answer)
        assert answer.data["attributes"] == {"status": "pending"}

    @pytest.mark.parametrize("key", ["k" * 255, "a b", "é", '"quoted"', "/", "'; DROP TABLE"])
    def test_a_key_may_be_any_text(self, caller: Caller, key: str) -> None:
        assert create(caller, key).status == 201
        assert replayed(create(caller, key))

    @pytest.mark.parametrize("key", ["", "k" * 256, "a\x00b", "a\x7fb", "a\tb"])
    def test_a_key_that_can_not_be_is_refused(self, caller: Caller, key: str) -> None:
        error = create(caller, key).error
        assert (error["status"], error["code"]) == ("400", "MALFORMED_REQUEST")
        assert "255" in error["detail"]
        assert not Import.objects.exists()

    def test_a_retry_is_made_once(self, caller: Caller) -> None:
        path = f"{PATH}/{failed(numbered(1), 0).pk}/retry"
        first = caller.post(path, b"", Idempotency_Key="k")
        second = caller.post(path, b"", Idempotency_Key="k")
        assert (first.status, replayed(first)) == (201, False)
        assert (second.status, replayed(second)) == (201, True)
        assert second.data["id"] == first.data["id"]
        assert second.data["meta"] == first.data["meta"]
        assert Import.objects.count() == 2

    def test_a_retry_of_another_import_is_another_request(self, caller: Caller) -> None:
        first, second = failed(numbered(1), 0), failed(numbered(1), 0)
        assert caller.post(f"{PATH}/{first.pk}/retry", b"", Idempotency_Key="k").status == 201
        assert caller.post(f"{PATH}/{second.pk}/retry", b"", Idempotency_Key="k").status == 422
        assert create(caller).status == 422

    def test_a_key_does_not_make_an_import_of_the_other_mode_retriable(
        self, caller: Caller
    ) -> None:
        live = Caller(ApiClientFactory.create(mode=Mode.LIVE))
        path = f"{PATH}/{failed(numbered(1), 0, mode=Mode.LIVE).pk}/retry"
        assert live.post(path, b"", Idempotency_Key="k").status == 201
        assert caller.post(path, b"", Idempotency_Key="k").status == 404


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_equal_requests_make_one_import(self) -> None:
        caller = Caller(ApiClientFactory.create())
        answers = together(6, lambda: create(caller))
        assert {answer.status for answer in answers} == {201}
        assert len({answer.data["id"] for answer in answers}) == 1
        assert sorted(map(replayed, answers)) == [False] + [True] * 5
        assert Import.objects.count() == 1

    def test_equal_retries_make_one_import(self) -> None:
        caller = Caller(ApiClientFactory.create())
        path = f"{PATH}/{failed(numbered(1), 0).pk}/retry"
        answers = together(4, lambda: caller.post(path, b"", Idempotency_Key="k"))
        assert {answer.status for answer in answers} == {201}
        assert len({answer.data["id"] for answer in answers}) == 1
        assert Import.objects.count() == 2

    @pytest.mark.parametrize("commits", [True, False])
    def test_an_equal_request_waits_for_the_first(self, *, commits: bool) -> None:
        caller = Caller(ApiClientFactory.create())
        key = idempotency.IdempotencyKey(key="k", fingerprint="another")
        reached = Event()
        with ThreadPoolExecutor() as pool:
            with uncommitted(caller, key):
                second = pool.submit(closing(lambda: create(caller), reached))
                assert reached.wait(WATCHDOG)
                transaction.set_rollback(not commits)
            answer = second.result()
        assert answer.status == (422 if commits else 201)
        assert not replayed(answer)
        assert Import.objects.count() == 1

    def test_a_request_does_not_wait_for_ever_for_an_equal_one(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(idempotency, "WAIT_SECONDS", 0.1)
        caller = Caller(ApiClientFactory.create())
        key = idempotency.IdempotencyKey(key="k", fingerprint="another")
        with uncommitted(caller, key), ThreadPoolExecutor() as pool:
            answer = pool.submit(closing(lambda: create(caller))).result()
        assert answer.error["code"] == "CONFLICT"
        assert answer.status == 409
        assert Import.objects.count() == 1

    def test_a_request_waits_five_seconds_for_an_equal_one(self) -> None:
        name, wait = (
            ("busy_timeout", 5_000) if connection.vendor == "sqlite" else ("lock_timeout", "5s")
        )
        key = idempotency.IdempotencyKey(key="k", fingerprint="any")
        with idempotency.transaction_under(key):
            assert setting(name) == (wait,)

    def test_the_connection_waits_as_usual_afterwards(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        name = "busy_timeout" if connection.vendor == "sqlite" else "lock_timeout"
        usual = setting(name)
        caller = Caller(ApiClientFactory.create())
        monkeypatch.setattr(idempotency, "WAIT_SECONDS", 3)
        create(caller)
        create(caller, reference="x")
        assert setting(name) == usual
