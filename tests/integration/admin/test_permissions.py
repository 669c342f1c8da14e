"""What each permission of the staff lets them see and do, and what it doesn't."""

import pytest
from django.test import Client
from django.urls import reverse

from imports_app.models import Import
from imports_app.models.status import Status
from tests.factories.imports import ImportFactory
from tests.integration.admin.conftest import StaffWith
from tests.integration.admin.pages import NEW, begin, send, url

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = reverse("admin:imports_app_import_changelist")
HOME = reverse("admin:index")


def failed(**attributes: object) -> Import:
    counts = {"processed_count": 1, "created_count": 1, "errors_count": 1}
    import_: Import = ImportFactory.create(completed=True, **counts, **attributes)
    return import_


def check(**attributes: object) -> Import:
    return failed(client=None, dry_run=True, **attributes)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_view_permission_allows_seeing_and_downloading_only(staff_with: StaffWith) -> None:
    client = staff_with("view_import")
    import_, dry = failed(), check()

    assert NEW not in page(client, HOME) + page(client, LIST)
    shown = page(client, url("change", import_)) + page(client, url("change", dry))
    assert url("download_inputs", import_) in shown
    assert url("retry", import_) not in shown
    assert url("check", dry) not in shown
    for address in (NEW, url("check", dry), url("check_live", dry), url("retry", import_)):
        assert client.get(address).status_code == 403
        assert client.post(address).status_code == 403
    assert send(client).status_code == 403
    assert Import.objects.count() == 2


@pytest.mark.backend
def test_the_run_permission_allows_importing_and_retrying(staff_with: StaffWith) -> None:
    client = staff_with("view_import", "run_import")
    import_, dry = failed(), check()

    assert NEW in page(client, HOME)
    assert NEW in page(client, LIST)
    assert url("retry", import_) in page(client, url("change", import_))
    assert url("check", dry) in page(client, url("change", dry))
    assert send(client).status_code == 302
    assert client.post(url("check", dry)).status_code == 302
    assert client.post(url("retry", import_)).status_code == 302
    assert Import.objects.count() == 5


def test_the_run_permission_does_not_allow_interrupting_or_deleting(staff_with: StaffWith) -> None:
    client = staff_with("view_import", "run_import")
    import_ = ImportFactory.create(client=None, dry_run=True)

    shown = page(client, url("change", import_)) + page(client, url("check", import_))
    assert url("interrupt", import_) not in shown
    assert url("delete", import_) not in shown
    for name in ("interrupt", "delete"):
        assert client.post(url(name, import_), {"post": "yes"}).status_code == 403
    import_.refresh_from_db()
    assert import_.status == Status.PENDING


def test_the_interrupt_permission_does_not_allow_running(staff_with: StaffWith) -> None:
    client = staff_with("view_import", "interrupt_import")
    import_, done = ImportFactory.create(), failed()

    assert url("interrupt", import_) in page(client, url("change", import_))
    assert url("retry", done) not in page(client, url("change", done))
    assert client.get(NEW).status_code == 403
    assert client.post(url("retry", done)).status_code == 403
    assert client.post(url("interrupt", import_)).status_code == 302


def test_cleanup_is_offered_to_those_who_may(staff_with: StaffWith) -> None:
    client = staff_with("view_import", "run_import", "cleanup_import")

    assert "cleanup_records" in page(client, f"{begin(client).headers['Location']}match/")
    assert send(client, cleanup_records="on").status_code == 302
    assert Import.objects.get().cleanup_records


def test_staff_who_may_not_clean_up_have_no_box_and_are_refused(staff_with: StaffWith) -> None:
    client = staff_with("view_import", "run_import")

    assert "cleanup_records" not in page(client, f"{begin(client).headers['Location']}match/")
    assert send(client, cleanup_records="on").status_code == 403
    assert not Import.objects.exists()


def test_staff_who_may_not_clean_up_can_not_carry_out_anothers_check(
    staff_with: StaffWith,
) -> None:
    client = staff_with("view_import", "run_import")
    dry = check(cleanup_records=True)

    shown = page(client, url("check", dry))
    assert "You may not import this" in shown
    assert "Import 1 rows" not in shown
    assert client.post(url("check", dry)).status_code == 403
    assert Import.objects.count() == 1


@pytest.mark.backend
def test_staff_who_may_clean_up_can_do_it(staff_with: StaffWith) -> None:
    client = staff_with("view_import", "run_import", "cleanup_import")
    dry = check(cleanup_records=True)

    assert client.post(url("check", dry)).status_code == 302
    assert Import.objects.get(check_of=dry).cleanup_records


def test_the_run_permission_without_view_shows_no_rows(staff_with: StaffWith) -> None:
    client = staff_with("run_import")
    dry = check()

    for name in ("check", "check_live", "change"):
        assert client.get(url(name, dry)).status_code == 403


@pytest.mark.parametrize(("who", "status"), [("staff", 403), ("anybody", 302)])
def test_others_see_nothing(client: Client, staff_with: StaffWith, who: str, status: int) -> None:
    dry = check()
    browser = staff_with() if who == "staff" else client

    for address in (NEW, LIST, url("check", dry), url("check_live", dry)):
        assert browser.get(address).status_code == status
        assert browser.post(address).status_code == status
    assert Import.objects.count() == 1


@pytest.mark.parametrize("page_name", ["new", "check"])
def test_every_post_needs_its_csrf_token(admin_client: Client, page_name: str) -> None:
    dry = check()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = admin_client.cookies

    answer = send(strict) if page_name == "new" else strict.post(url("check", dry))

    assert answer.status_code == 403
    assert Import.objects.count() == 1
