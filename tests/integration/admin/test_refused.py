"""Pages that say in the site's own look why they show nothing."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from imports_app.models import Import
from tests.factories.imports import ImportFactory
from tests.integration.admin.conftest import StaffWith
from tests.integration.admin.pages import NEW, begin, url

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MENU = 'id="nav-sidebar"'  # of Unfold's frame
NOBODYS = str(uuid4())


def refusal_page(answer: Any, status: int) -> str:
    assert answer.status_code == status
    page: str = answer.content.decode()
    assert MENU in page
    assert "Go to the first page" in page
    return page


def test_a_page_without_permission_says_so_in_the_sites_style(staff_with: StaffWith) -> None:
    client = staff_with("view_import")
    import_ = ImportFactory.create(completed=True)

    clients = reverse("admin:imports_oauth_apiclient_changelist")
    for answer in (client.get(NEW), client.post(url("retry", import_)), client.get(clients)):
        assert "You have no permission for this." in refusal_page(answer, 403)


def test_a_page_of_a_missing_object_says_so_in_the_sites_style(admin_client: Client) -> None:
    pages = ("check", "live", "retry", "mend", "interrupt")
    addresses = [reverse(f"admin:imports_app_import_{name}", args=[NOBODYS]) for name in pages]

    for address in addresses:
        assert "This page doesn&#x27;t exist" in refusal_page(admin_client.get(address), 404)


def test_a_draft_that_is_gone_or_somebody_elses(
    admin_client: Client, staff_with: StaffWith
) -> None:
    address = begin(admin_client).headers["Location"]
    other = staff_with("view_import", "run_import")

    assert "The draft is gone" in refusal_page(other.get(address), 404)
    assert "The draft is gone" in refusal_page(other.post(f"{address}match/"), 404)


def test_the_page_of_a_deleted_import_says_so(admin_client: Client) -> None:
    import_ = ImportFactory.create(completed=True)
    address = url("change", import_)
    Import.objects.all().delete()

    answer = admin_client.get(address, follow=True)

    assert "exist. Perhaps it was deleted?" in answer.content.decode()


def test_a_user_who_was_signed_out_comes_back_after_signing_in(admin_client: Client) -> None:
    address = url("change", ImportFactory.create(completed=True))
    admin_client.logout()

    answer = admin_client.get(address)

    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{reverse('admin:login')}?next={address}"
    assert admin_client.post(url("retry", Import.objects.get())).status_code == 302
    assert Import.objects.count() == 1


def test_a_form_of_before_the_last_sign_in_says_that_it_is_too_old(admin_user: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    import_ = ImportFactory.create()

    answer = client.post(url("interrupt", import_), {"csrfmiddlewaretoken": "x" * 64})

    assert "you have signed in again since you opened the page" in refusal_page(answer, 403)
    assert Client(enforce_csrf_checks=True).post(reverse("admin:login")).status_code == 403


def test_my_work_has_a_page_if_the_site_has_its_own_home_page(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = reverse("admin:imports_app_import_my_work")
    imports = reverse("admin:imports_app_import_changelist")
    assert mine not in admin_client.get(imports).content.decode()
    # Not of the lazy object around it, to which it would not be given back.
    monkeypatch.setattr(vars(admin.site)["_wrapped"], "index_template", None)

    assert mine in admin_client.get(imports).content.decode()
    page = admin_client.get(mine).content.decode()
    assert "Rows per minute" in page
    assert "Nothing is running." in page
