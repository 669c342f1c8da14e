"""An import that ended because its check was outdated."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from imports_app.commerce.models import Sku
from imports_app.models import Import, ImportChunk
from imports_app.models.status import Status
from imports_app.services import request_interrupt
from imports_app.storage import chunks
from tests.factories.commerce.catalog import SkuFactory
from tests.factories.imports import ImportFactory
from tests.integration.admin.conftest import StaffWith
from tests.integration.admin.pages import url
from tests.running import run_to_end

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

GO_ON = "Go on without the comparison"
WITHOUT = {"without_comparison": "1"}


def checked(**attributes: Any) -> Import:
    rows = [{"code": "A", "name": "a"}, {"code": "B", "name": "b"}]
    check = ImportFactory.create(
        client=None, dry_run=True, rows=rows, reference="mugs", skip_errors=True, **attributes
    )
    return run_to_end(check)


def outdated(client: Client, check: Import, **typed: str) -> Import:
    """What became of the import after the check, since another changed one of its records."""
    client.post(url("check", check), typed)
    SkuFactory.create(code="A", name="since", mode=check.mode)
    return run_to_end(Import.objects.get(check_of=check))


def page(client: Client, name: str, import_: Import) -> str:
    return client.get(url(name, import_)).content.decode()


@pytest.mark.parametrize("name", ["change", "live"])
def test_the_page_says_what_happened_and_what_can_be_done(admin_client: Client, name: str) -> None:
    check = checked()
    import_ = outdated(admin_client, check)

    shown = page(admin_client, name, import_)

    assert "differ from what the check found, so nothing was imported" in shown
    assert "records changed after the check" in shown
    assert f'action="{url("check_again", check)}"' in shown
    assert f'action="{url("check", check)}"' in shown
    assert "Check again" in shown
    assert GO_ON in shown
    assert "Retry 2 rows" not in shown


def test_the_page_of_an_outdated_check_offers_to_check_again_or_go_on(admin_client: Client) -> None:
    check = checked()
    import_ = outdated(admin_client, check)

    shown = page(admin_client, "check", check)

    assert "It was imported" not in shown
    assert "so nothing was imported" in shown
    assert url("change", import_) in shown
    assert url("check_again", check) in shown
    assert GO_ON in shown


@pytest.mark.backend
def test_an_outdated_check_is_repeated_with_the_same_rows_and_options(admin_client: Client) -> None:
    check = checked(cleanup_records=True, cleanup_limit=7)
    import_ = outdated(admin_client, check)

    answer = admin_client.post(url("check_again", check))

    again = Import.objects.exclude(pk__in=[check.pk, import_.pk]).get()
    assert answer.headers["Location"] == url("check", again)
    assert list(chunks.rows_of(again.pk)) == list(chunks.rows_of(check.pk))
    names = ("dry_run", "cleanup_records", "cleanup_limit", "skip_errors", "reference", "mode")
    assert [getattr(again, name) for name in names] == [getattr(check, name) for name in names]
    run_to_end(again)
    assert Sku.objects.get().name == "since"
    assert LogEntry.objects.filter(object_id=str(again.pk)).exists()

    admin_client.post(url("check", again))
    assert run_to_end(Import.objects.get(check_of=again)).updated_count == 1


@pytest.mark.backend
def test_an_import_goes_on_without_the_comparison_once(admin_client: Client) -> None:
    check = checked()
    import_ = outdated(admin_client, check)

    admin_client.post(url("check", check), WITHOUT)
    again = admin_client.post(url("check", check), WITHOUT, follow=True).content.decode()

    made = run_to_end(Import.objects.filter(check_of=check).exclude(pk=import_.pk).get())
    assert (made.status, made.created_count, made.updated_count) == (Status.COMPLETED, 1, 1)
    assert "It was imported before." in again
    entry = LogEntry.objects.get(object_id=str(made.pk))
    assert "without the comparison" in entry.change_message
    shown = page(admin_client, "change", import_)
    assert url("change", made) in shown
    assert GO_ON not in shown
    assert "It was imported" in page(admin_client, "check", check)


def test_live_records_are_destroyed_by_those_only_who_type_their_number(
    admin_client: Client,
) -> None:
    SkuFactory.create(code="OLD", mode="live")
    check = checked(mode="live", cleanup_records=True)
    import_ = outdated(admin_client, check, confirm="1")

    assert "Type 1 to have them destroyed" in page(admin_client, "change", import_)
    refused = admin_client.post(url("check", check), WITHOUT, follow=True).content.decode()
    assert "Type 1 to have 1 record destroyed." in refused
    assert Import.objects.count() == 2

    admin_client.post(url("check", check), {**WITHOUT, "confirm": "1"})
    run_to_end(Import.objects.exclude(pk__in=[check.pk, import_.pk]).get())
    assert not Sku.objects.filter(code="OLD").exists()


def test_staff_who_may_not_clean_up_can_do_neither(
    admin_client: Client, staff_with: StaffWith
) -> None:
    check = checked(cleanup_records=True)
    import_ = outdated(admin_client, check)
    client = staff_with("view_import", "run_import")

    shown = page(client, "change", import_)

    assert "You may not import this" in shown
    assert GO_ON not in shown
    assert client.post(url("check_again", check)).status_code == 403
    assert client.post(url("check", check), WITHOUT).status_code == 403
    assert Import.objects.count() == 2


def test_staff_who_may_not_run_imports_are_offered_nothing(
    admin_client: Client, staff_with: StaffWith
) -> None:
    check = checked()
    import_ = outdated(admin_client, check)
    client = staff_with("view_import")

    assert "Check again" not in page(client, "change", import_)
    assert client.post(url("check_again", check)).status_code == 403


def test_an_address_that_is_opened_makes_nothing(admin_client: Client) -> None:
    check = checked()

    answer = admin_client.get(url("check_again", check))

    assert answer.headers["Location"] == url("check", check)
    assert Import.objects.count() == 1


def test_the_page_says_when_the_rows_are_pruned(admin_client: Client) -> None:
    check = checked()
    import_ = outdated(admin_client, check)
    ImportChunk.objects.filter(bulk_import=check).delete()

    shown = page(admin_client, "change", import_)
    refused = admin_client.post(url("check_again", check), follow=True).content.decode()

    assert "not available any more" in shown
    assert GO_ON not in shown
    assert "not available any more" in refused


def test_an_import_that_somebody_stopped_is_not_outdated(admin_client: Client) -> None:
    check = checked()
    admin_client.post(url("check", check))
    import_ = request_interrupt(import_=Import.objects.get(check_of=check))

    assert GO_ON not in page(admin_client, "change", import_)
    admin_client.post(url("check", check), WITHOUT)
    assert Import.objects.count() == 2
