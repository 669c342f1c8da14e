import re

import pytest
from django.test import Client
from django.urls import reverse

from imports_app.admin.policy import HEADER, NOTHING, PAGES
from tests.factories.imports import ImportFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = reverse("admin:imports_app_import_changelist")


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", LIST, "/admin/nothing-here/"])
def test_staff_pages_run_scripts_of_ours_only(admin_client: Client, path: str) -> None:
    policy = admin_client.get(path)[HEADER]

    assert policy == PAGES
    assert "script-src 'self' 'unsafe-eval';" in policy


@pytest.mark.parametrize("path", ["/api/imports", "/healthz", "/oauth/token", "/nothing", "/"])
def test_other_answers_may_load_nothing(client: Client, path: str) -> None:
    assert client.get(path)[HEADER] == NOTHING


def test_a_page_with_a_policy_of_its_own_keeps_it(client: Client) -> None:
    policy = client.get("/api/schema/docs")[HEADER]

    assert "script-src 'self';" in policy
    assert "unsafe-eval" not in policy


@pytest.mark.parametrize("page", ["index", "imports_app_import_changelist", "change"])
def test_no_page_has_an_inline_script_or_handler(admin_client: Client, page: str) -> None:
    import_ = ImportFactory.create(completed=True)
    path = (
        reverse("admin:imports_app_import_change", args=[import_.pk])
        if page == "change"
        else reverse(f"admin:{page}")
    )

    text = admin_client.get(path).content.decode()

    scripts = re.findall(r"<script\b[^>]*>", text)
    assert scripts
    assert all(" src=" in script for script in scripts)
    assert not re.search(r"\son(click|change|submit|load|error)=", text)
    assert "javascript:" not in text


def test_the_icon_that_browsers_ask_for_is_there(client: Client) -> None:
    moved = client.get("/favicon.ico")
    page = client.get("/admin/login/").content.decode()

    assert moved.status_code == 302
    icon = client.get(moved["Location"])
    icon.close()
    assert icon["Content-Type"] == "image/svg+xml"
    assert f'rel="icon" href="{moved["Location"]}"' in page
