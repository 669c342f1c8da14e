import gzip
import json
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from imports_app.admin import import_actions
from imports_app.importer import RowError
from imports_app.models import Import, ImportChunk
from imports_app.models.status import Status
from imports_app.services.retrying import retry_import
from imports_app.storage.log import Failure, write
from tests.factories.imports import ImportFactory
from tests.integration.admin.conftest import StaffWith

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ACTIONS = ("interrupt", "retry", "download_failures", "download_inputs")


def url(page: str, import_: Import) -> str:
    return reverse(f"admin:imports_app_import_{page}", args=[import_.pk])


def shown(client: Client, import_: Import) -> str:
    return client.get(url("change", import_)).content.decode()


def half_failed() -> Import:
    import_: Import = ImportFactory.create(
        completed=True, processed_count=1, created_count=1, errors_count=1
    )
    write(import_.pk, [Failure(1, "B", [RowError("weight", "type", "is not a number")])], [])
    return import_


def test_interrupting_asks_first(admin_client: Client) -> None:
    import_ = ImportFactory.create()

    page = admin_client.get(url("interrupt", import_))

    assert "Interrupt this import?" in page.content.decode()
    import_.refresh_from_db()
    assert import_.status == Status.PENDING


@pytest.mark.backend
def test_a_pending_import_is_interrupted_at_once(admin_client: Client) -> None:
    import_ = ImportFactory.create()

    page = admin_client.post(url("interrupt", import_), follow=True)

    assert "It is interrupted." in page.content.decode()
    import_.refresh_from_db()
    assert import_.status == Status.INTERRUPTED
    assert LogEntry.objects.get().object_id == str(import_.pk)


@pytest.mark.backend
def test_a_running_import_is_asked_to_stop(admin_client: Client) -> None:
    import_ = ImportFactory.create(in_progress=True)

    page = admin_client.post(url("interrupt", import_), follow=True)

    assert "It will stop after the current batch." in page.content.decode()
    import_.refresh_from_db()
    assert (import_.status, import_.interrupt_requested) == (Status.IN_PROGRESS, True)


def test_a_final_import_has_nothing_to_interrupt(admin_client: Client) -> None:
    import_ = ImportFactory.create(completed=True)

    page = admin_client.post(url("interrupt", import_), follow=True)

    assert "It is completed already" in page.content.decode()
    assert url("interrupt", import_) not in shown(admin_client, import_)
    assert not LogEntry.objects.exists()


def test_interrupting_needs_its_csrf_token(admin_client: Client) -> None:
    import_ = ImportFactory.create()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = admin_client.cookies

    assert strict.post(url("interrupt", import_)).status_code == 403
    import_.refresh_from_db()
    assert import_.status == Status.PENDING


@pytest.mark.backend
def test_staff_delete_an_import_with_all_that_belongs_to_it(admin_client: Client) -> None:
    import_ = half_failed()

    asked = admin_client.get(url("delete", import_))
    page = admin_client.post(url("delete", import_), {"post": "yes"}, follow=True)

    assert "is not a number" not in asked.content.decode()
    assert "was deleted successfully" in page.content.decode()
    assert not Import.objects.exists()
    assert not ImportChunk.objects.exists()


@pytest.mark.backend
def test_an_import_in_progress_is_not_deleted(admin_client: Client) -> None:
    import_ = ImportFactory.create(in_progress=True)

    page = admin_client.post(url("delete", import_), {"post": "yes"}, follow=True).content.decode()

    assert "The import is in progress" in page
    assert "was deleted successfully" not in page
    assert Import.objects.filter(pk=import_.pk).exists()
    assert not LogEntry.objects.exists()


def test_staff_who_may_only_look_do_nothing_else(staff_with: StaffWith) -> None:
    import_ = ImportFactory.create()
    client = staff_with("view_import")

    page = shown(client, import_)

    assert url("interrupt", import_) not in page
    assert url("delete", import_) not in page
    for action in ("interrupt", "retry", "delete"):
        assert client.get(url(action, import_)).status_code == 403
        assert client.post(url(action, import_), {"post": "yes"}).status_code == 403
    import_.refresh_from_db()
    assert import_.status == Status.PENDING


def test_staff_who_may_interrupt_imports_do(staff_with: StaffWith) -> None:
    import_ = ImportFactory.create()
    client = staff_with("view_import", "interrupt_import")

    assert url("interrupt", import_) in shown(client, import_)
    assert client.post(url("interrupt", import_)).status_code == 302
    import_.refresh_from_db()
    assert import_.status == Status.INTERRUPTED


def test_staff_who_may_run_imports_retry_them_and_no_more(staff_with: StaffWith) -> None:
    import_ = half_failed()
    client = staff_with("view_import", "run_import")

    assert url("retry", import_) in shown(client, import_)
    assert client.post(url("retry", import_)).status_code == 302
    assert client.post(url("interrupt", import_)).status_code == 403


def test_retrying_asks_first(admin_client: Client) -> None:
    import_ = half_failed()

    page = admin_client.get(url("retry", import_)).content.decode()

    assert "Import 1 row again?" in page
    assert Import.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.backend
def test_a_retry_of_what_is_deleted_at_that_moment_has_a_page_that_says_so(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = half_failed()

    def too_late(**asked: Any) -> Import:
        Import.objects.filter(pk=first.pk).delete()
        return retry_import(**asked)

    monkeypatch.setattr(import_actions, "retry_import", too_late)

    answer = admin_client.post(url("retry", first))

    assert answer.status_code == 404
    assert import_actions.GONE in answer.content.decode()


@pytest.mark.backend
def test_a_retry_has_the_failed_rows_and_leads_back(admin_client: Client) -> None:
    first = half_failed()

    page = admin_client.post(url("retry", first), follow=True).content.decode()

    retry = Import.objects.get(retry_of=first)
    assert (retry.inputs_size, retry.caller) == (1, first.caller)
    assert str(retry.created_by) == "admin"
    assert "The retry was created" in page
    assert url("change", first) in page
    assert url("change", retry) in shown(admin_client, first)
    assert LogEntry.objects.get().object_id == str(first.pk)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"in_progress": True}, "The import is not finished"),
        ({"completed": True}, "No row of the import failed"),
        ({"interrupted": True, "resource_type": "gone"}, "is not a known resource type"),
    ],
)
def test_an_import_that_can_not_be_retried_says_why(
    admin_client: Client, attributes: dict[str, object], message: str
) -> None:
    import_ = ImportFactory.create(**attributes)

    page = admin_client.post(url("retry", import_), follow=True).content.decode()

    assert message in page
    assert Import.objects.count() == 1
    assert not LogEntry.objects.exists()


def test_failed_rows_come_as_the_file_that_clients_get(admin_client: Client) -> None:
    answer = admin_client.get(url("download_failures", half_failed()))

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    lines = b"".join(answer).decode().splitlines()
    assert lines == ["code,name,errors", "B,b,weight is not a number"]


def test_inputs_come_as_they_were_sent(admin_client: Client) -> None:
    answer = admin_client.get(url("download_inputs", half_failed()), follow=True)

    inputs = json.loads(gzip.decompress(b"".join(answer)))
    assert [row["code"] for row in inputs] == ["A", "B"]


@pytest.mark.parametrize("page", ["download_failures", "download_inputs"])
def test_pruned_rows_are_no_crash(admin_client: Client, page: str) -> None:
    import_ = half_failed()
    ImportChunk.objects.filter(bulk_import=import_).delete()

    answer = admin_client.get(url(page, import_), follow=True)

    assert "not available any more" in answer.content.decode()


def test_the_page_offers_what_can_be_done_now(admin_client: Client) -> None:
    offered = {
        name: [action for action in ACTIONS if url(action, import_) in shown(admin_client, import_)]
        for name, import_ in {
            "pending": ImportFactory.create(),
            "running": ImportFactory.create(in_progress=True),
            "stopping": ImportFactory.create(in_progress=True, interrupt_requested=True),
            "completed": ImportFactory.create(completed=True),
            "failed": half_failed(),
        }.items()
    }

    assert offered == {
        "pending": ["interrupt", "download_inputs"],
        "running": ["interrupt", "download_inputs"],
        "stopping": ["download_inputs"],
        "completed": ["download_inputs"],
        "failed": ["retry", "download_failures", "download_inputs"],
    }


def test_whoever_made_an_import_may_stop_it(staff_with: StaffWith) -> None:
    client = staff_with("view_import")
    user = User.objects.get(username="helpdesk")
    own = ImportFactory.create(caller=None, created_by=user)
    other = ImportFactory.create()

    page = client.get(url("change", own))
    assert [button.title for button in page.context["buttons"]] == ["Interrupt", "Inputs"]
    client.post(url("interrupt", own))

    own.refresh_from_db()
    assert own.status == Status.INTERRUPTED
    assert client.post(url("interrupt", other)).status_code == 403
