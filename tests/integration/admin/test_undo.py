"""Taking an import back from its page, after a look at what that would do."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client, override_settings

from imports_app.commerce.models import Sku
from imports_app.models import Import, Mode
from imports_app.services.undoing import undo_import
from tests.factories.commerce import SkuFactory
from tests.integration.admin.conftest import StaffWith
from tests.integration.admin.pages import url
from tests.running import done, run_to_end

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def imported(**options: Any) -> Import:
    """It created one record and changed another."""
    SkuFactory.create(code="OLD", name="old", mode=options.get("mode", Mode.TEST))
    return done("skus", {"code": "OLD", "name": "new"}, {"code": "NEW", "name": "n"}, **options)


def undo_check(client: Client, import_: Import) -> Import:
    """Return the finished dry run of the undo."""
    client.post(url("undo", import_))
    return run_to_end(import_.undos.get(dry_run=True))


def page_of(client: Client, check: Import) -> str:
    return client.get(url("check", check)).content.decode()


def titles(client: Client, import_: Import) -> list[str]:
    return [b.title for b in client.get(url("change", import_)).context["buttons"]]


def test_an_undo_is_seen_before_it_is_made(admin_client: Client) -> None:
    import_ = imported()
    assert "Undo" in titles(admin_client, import_)
    assert "Look first" in admin_client.get(url("undo", import_)).content.decode()

    check = undo_check(admin_client, import_)

    assert Sku.objects.get(code="OLD").name == "new"
    page = page_of(admin_client, check)
    assert "1 record put back, 1 record destroyed." in page
    assert "Undo and destroy 1 record" in page
    assert "new</del>" in admin_client.get(url("check", check), {"tab": "changed"}).content.decode()


@pytest.mark.backend
def test_the_undo_that_was_checked_is_done_once(admin_client: Client) -> None:
    import_ = imported()
    check = undo_check(admin_client, import_)

    admin_client.post(url("check", check))
    again = admin_client.post(url("check", check), follow=True)

    undo = run_to_end(import_.undos.get(dry_run=False))
    assert undo.caller == import_.caller
    assert (Sku.objects.get().name, undo.is_undo) == ("old", True)
    assert "It was undone before." in again.content.decode()
    assert f"to undo {import_.pk}" in LogEntry.objects.latest("pk").change_message
    assert "It was undone:" in page_of(admin_client, check)
    page = admin_client.get(url("change", import_)).content.decode()
    assert "Undone as" in page
    assert "Undo" not in titles(admin_client, import_)
    assert "Undo of" in admin_client.get(url("change", undo)).content.decode()


@pytest.mark.backend
def test_records_that_changed_since_are_named_and_left(admin_client: Client) -> None:
    import_ = imported()
    Sku.objects.filter(code="OLD").update(name="newer")

    check = undo_check(admin_client, import_)

    assert "1 record destroyed, 1 record left as they are." in page_of(admin_client, check)
    page = admin_client.get(url("check", check), {"tab": "unchanged"}).content.decode()
    assert "<strong>OLD</strong> was left as it is: name changed since" in page


def test_the_page_says_when_nothing_is_left_to_put_back(admin_client: Client) -> None:
    import_ = imported()
    Sku.objects.update(name="newer")

    page = page_of(admin_client, undo_check(admin_client, import_))

    assert "there is nothing to restore" in page


def test_live_records_to_be_destroyed_are_confirmed_by_their_number(admin_client: Client) -> None:
    import_ = imported(mode=Mode.LIVE)
    check = undo_check(admin_client, import_)

    refused = admin_client.post(url("check", check), follow=True)
    assert "Type 1 to have 1 record destroyed." in refused.content.decode()
    assert not import_.undos.filter(dry_run=False).exists()

    admin_client.post(url("check", check), {"confirm": "1"})
    assert import_.undos.filter(dry_run=False).exists()


@pytest.mark.backend
def test_an_undo_is_undone(admin_client: Client) -> None:
    undo = run_to_end(undo_import(import_=imported()))

    check = undo_check(admin_client, undo)

    assert "1 record put back, 1 record made again." in page_of(admin_client, check)


def test_staff_who_may_not_destroy_undo_nothing_that_was_created(staff_with: StaffWith) -> None:
    import_ = imported()
    client = staff_with("view_import", "run_import")

    assert "Undo" not in titles(client, import_)
    assert client.post(url("undo", import_)).status_code == 403
    check = run_to_end(undo_import(import_=import_, dry_run=True))
    assert client.post(url("check", check)).status_code == 403


def test_staff_who_may_only_look_undo_nothing(staff_with: StaffWith) -> None:
    import_ = imported()
    client = staff_with("view_import")

    assert "Undo" not in titles(client, import_)
    assert client.post(url("undo", import_)).status_code == 403


def test_the_page_says_why_nothing_can_be_undone(admin_client: Client) -> None:
    import_ = done("skus", {"code": "A", "name": "a"}, keep_changes=False)

    answer = admin_client.post(url("undo", import_), follow=True)

    assert "Undo" not in titles(admin_client, import_)
    assert "was not kept, or is not kept any more" in answer.content.decode()


@pytest.mark.backend
def test_an_undone_import_may_be_gone_by_then(admin_client: Client) -> None:
    import_ = imported()
    check = undo_check(admin_client, import_)
    import_.delete()

    answer = admin_client.post(url("check", check), follow=True)

    assert "was not kept, or is not kept any more" in answer.content.decode()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="others write meanwhile elsewhere")
@override_settings(IMPORTS_SQLITE_WHOLE_ROWS=1)
def test_an_import_too_long_for_a_dry_run_is_undone_at_once(admin_client: Client) -> None:
    import_ = imported()

    assert (
        "can&#x27;t be asked of 2 rows" in admin_client.get(url("undo", import_)).content.decode()
    )
    admin_client.post(url("undo", import_))

    assert run_to_end(import_.undos.get()).updated_count == 1
