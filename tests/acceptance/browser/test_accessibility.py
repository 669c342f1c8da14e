"""Every kind of staff page, looked through by axe-core in both themes."""

import re
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.acceptance.browser.audit import Violations, violations
from tests.acceptance.browser.staff import Staff
from tests.acceptance.browser.test_imports import skus
from tests.acceptance.stack import Stack

LIST = "/admin/imports_app/import/"
PATHS = (
    "/admin/",
    LIST,
    f"{LIST}new_import/",
    f"{LIST}new_import/?resource_type=skus",
    *(f"{LIST}ID/change/?tab={tab}" for tab in ("new", "changed", "unchanged", "failed")),
    f"{LIST}ID/mend/",
    f"{LIST}ID/mend/?attribute=colour&row=3",
    f"{LIST}ID/retry/",
    f"{LIST}ID/undo/",
    f"{LIST}ID/delete/",
    f"{LIST}ID/history/",
    "/admin/imports_oauth/apiclient/add/",
    "/admin/imports_app/webhook/",
    "/admin/commerce/sku/",
    "/admin/auth/user/add/",
    "/admin/auth/user/1/change/",
    "/admin/auth/group/add/",
    "/admin/password_change/",
)

PROPOSE = """
from django.contrib.auth.models import User
from imports_app.models import Import, Proposal
asker = User.objects.create_user("asker", is_staff=True)
Proposal.objects.create(
    kind="retry", subject=Import.objects.get(pk={pk!r}), asked_by=asker, rows=1, destroys=True
)
"""


@pytest.fixture(scope="module")
def import_(servers_stack: Stack) -> Any:
    """One row created a record, one changed one, one changed nothing, and one failed."""
    client, rows = servers_stack.client(), skus(3)
    client.import_("skus", rows)
    changed = [{**rows[0], "name": "Cup", "weight": 2}, rows[1], {**rows[2], "colour": "red"}]
    return client.import_("skus", [*changed, *skus(1)], skip_errors=True)


def test_no_staff_page_has_an_accessibility_violation(
    page: Page, staff: Staff, import_: Any
) -> None:
    found: dict[str, Violations] = {}
    page.goto("/admin/login/")
    found["signing in"] = violations(page)

    page.emulate_media(color_scheme="dark")
    staff.fill_in_the_form(page)
    expect(page.locator("html")).to_have_class("dark")
    found["signed in, in the dark"] = violations(page)

    page.emulate_media(color_scheme="light")
    for path in PATHS:
        page.goto(path.replace("ID", import_["id"]))
        expect(page.get_by_role("main")).to_have_count(1)
        found[path] = violations(page)

    assert {path: some for path, some in found.items() if some} == {}


def test_no_page_of_a_record_has_an_accessibility_violation(
    page: Page, staff: Staff, import_: Any
) -> None:
    staff.sign_in(page)
    page.goto(f"{LIST}{import_['id']}/change/?tab=changed")

    page.get_by_role("region", name="Records of skus").get_by_role("link").first.click()

    expect(page.get_by_role("region", name="Imports that touched this record")).to_contain_text(
        "Updated"
    )
    assert violations(page) == []


def test_no_step_of_a_new_import_has_an_accessibility_violation(page: Page, staff: Staff) -> None:
    staff.sign_in(page)
    page.goto(f"{LIST}new_import/?resource_type=prices")
    cells = "sku_code\tprice_list_name\tamount_cents\nA\tEurope\t1.000\nB\tEurope\t2"
    page.get_by_label("Or paste cells").fill(cells)
    page.get_by_role("button", name="Read").click()
    expect(page.get_by_role("alert")).to_contain_text("1.000")
    assert violations(page) == []

    page.get_by_label("Numbers are written").select_option(",")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Match its columns").click()
    expect(page.get_by_label("Attribute of sku_code")).to_be_visible()

    assert violations(page) == []


def test_the_first_tab_stop_leads_past_the_menu(page: Page, staff: Staff) -> None:
    staff.sign_in(page)
    page.goto("/admin/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("main")).to_be_focused()


@pytest.fixture(scope="module")
def proposal(servers_stack: Stack, import_: Any) -> None:
    """Something that waits for approval."""
    servers_stack.manage("shell", "--no-imports", "--command", PROPOSE.format(pk=import_["id"]))


@pytest.mark.usefixtures("proposal")
def test_no_page_of_a_proposal_has_an_accessibility_violation(page: Page, staff: Staff) -> None:
    staff.sign_in(page)
    page.goto(LIST)
    page.get_by_role("link", name="Approvals").click()
    expect(page.get_by_role("region", name="For you to decide")).to_contain_text("asker")
    assert violations(page) == []

    page.get_by_role("region", name="For you to decide").get_by_role("link").click()
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    assert violations(page) == []


def test_no_page_of_a_refusal_has_an_accessibility_violation(
    context: BrowserContext, page: Page, staff: Staff
) -> None:
    staff.sign_in(page)
    tab = context.new_page()  # whose console may say that it got a 404
    tab.goto(f"{LIST}approvals/{UUID(int=0)}/")

    expect(tab.get_by_role("main")).to_contain_text("withdrawn")
    assert violations(tab) == []


def test_times_are_those_of_the_clock_on_the_wall(
    browser: Browser, staff: Staff, stack: Stack, import_: Any
) -> None:
    context = browser.new_context(base_url=stack.api.url, timezone_id="Asia/Tokyo")
    page = context.new_page()
    staff.sign_in(page)
    page.goto(f"{LIST}{import_['id']}/change/")

    times = page.get_by_label("What happened when").locator("time")

    expect(times.first).to_have_text(re.compile(r"[0-9-]{10} [0-9:]{8} GMT[+]9"))
    expect(times.first).to_have_attribute("title", re.compile("UTC"))
    context.close()
