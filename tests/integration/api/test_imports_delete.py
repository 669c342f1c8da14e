import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections, transaction

from imports_app.exceptions import ImportInProgress
from imports_app.importer import RowError
from imports_app.models import Import, ImportChunk, RowFailure, RowWarning
from imports_app.models.status import Status
from imports_app.queue import transitions
from imports_app.services import delete_import
from imports_app.storage import log
from tests.factories.clients import ApiClientFactory
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import Caller
from tests.locks import await_waiting

pytestmark = pytest.mark.django_db


def path(import_: Import) -> str:
    return f"/api/imports/{import_.pk}"


@pytest.mark.parametrize("life", [{}, {"completed": True}, {"interrupted": True}])
def test_an_import_goes_with_all_that_is_its_own(caller: Caller, life: dict[str, Any]) -> None:
    import_, other = ImportFactory.create_batch(2, **life)
    for each in (import_, other):
        failure = log.Failure(0, "A", [RowError("base", "x", "x")])
        log.write(each.pk, [failure], [log.Notice(None, None, "x")])
    answer = caller.delete(path(import_))
    assert answer.status == 204
    assert answer.content == b""
    for model in (ImportChunk, RowFailure, RowWarning):
        assert set(model._default_manager.values_list("bulk_import_id", flat=True)) == {other.pk}
    assert caller.get(path(import_)).status == 404
    assert caller.delete(path(import_)).status == 404
    assert caller.get(path(other)).status == 200


def test_a_running_import_is_locked(caller: Caller) -> None:
    import_ = ImportFactory.create(in_progress=True)
    answer = caller.delete(path(import_))
    assert answer.status == 423
    assert answer.error["code"] == "LOCKED"
    assert Import.objects.filter(pk=import_.pk).exists()


def test_reading_does_not_let_delete() -> None:
    reader = Caller(ApiClientFactory.create(scopes="imports:read"))
    import_ = ImportFactory.create()
    assert reader.delete(path(import_)).error["code"] == "FORBIDDEN"
    assert Import.objects.exists()


def test_a_claim_since_the_import_was_read_is_noticed() -> None:
    import_ = ImportFactory.create()
    transitions.claim(import_.pk)
    assert import_.status == Status.PENDING
    with pytest.raises(ImportInProgress):
        delete_import(import_=import_)


@contextmanager
def deleting(caller: Caller, import_: Import) -> Iterator[list[int]]:
    """A DELETE in a thread of its own, which is waited for at the end."""
    statuses: list[int] = []

    def delete() -> None:
        try:
            statuses.append(caller.delete(path(import_)).status)
        finally:
            connections.close_all()

    thread = threading.Thread(target=delete)
    thread.start()
    yield statuses
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_a_claim_at_the_same_moment_wins_over_a_delete(caller: Caller) -> None:
    import_ = ImportFactory.create()
    with deleting(caller, import_) as statuses, transaction.atomic():
        assert transitions.claim(import_.pk)
        await_waiting()
    assert statuses == [423]
    assert Import.objects.get().status == Status.IN_PROGRESS
