"""Import and Export on the list of a model."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import clear_url_caches, path
from pytest_django import Settings
from unfold.admin import ModelAdmin

from config.urls import urlpatterns as project
from imports_app.admin.buttons import ImportButtonMixin
from imports_app.commerce.models import Sku
from tests.factories.commerce import SkuFactory
from tests.integration.admin.conftest import StaffWith

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = "/admin/commerce/sku/"
urlpatterns: list[Any] = []  # those of the project, with this page of SKUs


class SkuAdmin(ImportButtonMixin, ModelAdmin):  # type: ignore[misc]
    list_filter = ("mode",)
    search_fields = ("code",)


@pytest.fixture(autouse=True)
def own_page(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    registry: Any = admin.site._registry
    monkeypatch.setitem(registry, Sku, SkuAdmin(Sku, admin.site))
    urlpatterns[:] = [path("admin/", admin.site.urls), *project]
    settings.ROOT_URLCONF = __name__
    clear_url_caches()
    yield
    clear_url_caches()


def exported(client: Client, query: str = "") -> list[str]:
    """The codes in the file."""
    answer: Any = client.get(f"{LIST}export.csv{query}")
    assert answer.status_code == 200, answer
    lines = answer.getvalue().decode().splitlines()
    return sorted(line.split(",")[0] for line in lines[1:])


def page(client: Client) -> str:
    return client.get(LIST).content.decode()


@pytest.mark.backend
def test_the_records_that_the_list_shows_are_exported(admin_client: Client) -> None:
    for code, mode in (("A", "test"), ("B", "live"), ("AB", "live")):
        SkuFactory.create(code=code, mode=mode)

    assert exported(admin_client) == ["A", "AB", "B"]
    assert exported(admin_client, "?mode__exact=live") == ["AB", "B"]
    assert exported(admin_client, "?q=A&mode__exact=live") == ["AB"]
    assert f"{LIST}export.csv?q=A" in admin_client.get(f"{LIST}?q=A").content.decode()


@pytest.mark.backend
def test_a_spreadsheet_is_exported_too(admin_client: Client) -> None:
    SkuFactory.create(code="A")

    answer: Any = admin_client.get(f"{LIST}export.xlsx")

    assert answer.status_code == 200
    assert answer.getvalue().startswith(b"PK")


def test_each_button_is_shown_to_users_who_may_use_it(staff_with: StaffWith) -> None:
    client = staff_with("view_sku", records=False)

    assert "export.csv" in page(client)
    assert "new_import" not in page(client)


def test_running_imports_needs_the_permissions_of_the_model(staff_with: StaffWith) -> None:
    client = staff_with("view_sku", "run_import", records=False)

    assert "new_import" not in page(client)


def test_import_leads_to_the_page_for_new_imports(admin_client: Client) -> None:
    assert "new_import" in page(admin_client)
    assert "resource_type=skus" in page(admin_client)


def test_users_who_may_not_see_records_export_none(staff_with: StaffWith) -> None:
    assert staff_with("view_price", records=False).get(f"{LIST}export.csv").status_code == 403


def test_live_records_are_exported_for_users_who_may_see_them(staff_with: StaffWith) -> None:
    for code, mode in (("A", "test"), ("B", "live")):
        SkuFactory.create(code=code, mode=mode)

    assert exported(staff_with("view_sku", records=False)) == ["A"]
