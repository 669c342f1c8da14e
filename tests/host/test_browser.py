"""The foreign project in a browser: its own pages as they were, and an import beside them."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.browser.chromium import chromium
from tests.host.conftest import MEMBERS, PROJECT, TABLES, Host, Said, copy
from tests.host.serving import serving

FILE = {
    "name": "authors.csv",
    "mimeType": "text/csv",
    "buffer": b"email,name\nvonda@example.com,Vonda\n",
}
# Of the project's own admin: pages, and what of each is the project's alone. The menu has more, and
# the guide adds a page of shelves.
OWN = {
    "/admin/login/": "body",
    "/admin/": ".app-library .model-book",
    "/admin/library/book/": "#main #content",
}
SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
Looks = dict[tuple[str, str], list[list[Any]]]  # of each page, in each scheme
LOOKS = """async (element) => {
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
    return [element, ...element.querySelectorAll("*")].map(each => {
        const style = getComputedStyle(each), box = each.getBoundingClientRect();
        const text = each.childElementCount ? "" : each.textContent.trim();
        const sizes = [Math.round(box.width), Math.round(box.height)];
        const { display, color, backgroundColor, font } = style;
        return [each.tagName, text, display, color, backgroundColor, font, ...sizes];
    });
}"""


@pytest.fixture(scope="module")
def site(
    host: Host, guided: Said, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The project as the guide has made it; to its tables nothing is to be migrated any more."""
    folder = copy(project, tmp_path_factory.mktemp("site"))
    shutil.copy(host.folder / TABLES, folder / "shop.sqlite3")
    with serving(Host(host.environment, folder), "shop.eager") as url:
        yield url


@pytest.fixture(scope="module")
def site_before(host: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The project before anybody has read the guide."""
    before = Host(host.environment, copy(PROJECT, tmp_path_factory.mktemp("before")))
    before.manage("makemigrations", *MEMBERS)
    before.manage("migrate", "--verbosity", "0")
    with serving(before, "shop.settings") as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab that knows nobody yet; what its console complains of fails the test."""
    complaints: list[str] = []
    page = browser.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert not complaints


def sign_in(page: Page, site: str) -> None:
    """By Django's form."""
    page.goto(f"{site}/admin/login/?next=/admin/")
    page.locator("input[name=username]").fill("jo@example.com")
    page.locator("input[name=password]").fill("secret")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Site administration")).to_be_visible()


def seen(page: Page, site: str) -> Looks:
    """What of each page is the project's own, in each scheme: its elements, with their looks."""
    looks: Looks = {}
    for path, selector in OWN.items():
        page.goto(site + path)
        page.mouse.move(0, 0)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            looks[path, scheme] = page.locator(selector).first.evaluate(LOOKS)
        if path == "/admin/login/":
            sign_in(page, site)
    return looks


def test_the_projects_own_pages_look_as_before(
    browser: Browser,
    site: str,
    site_before: str,
) -> None:
    looks = []
    for url in (site_before, site):
        page = browser.new_page()
        looks.append(seen(page, url))
        page.close()
    before, after = looks
    for path in OWN:
        assert before[path, "light"] != before[path, "dark"]
        for scheme in SCHEMES:
            assert after[path, scheme] == before[path, scheme]


def test_staff_import_a_file_by_its_admin(page: Page, site: str) -> None:
    sign_in(page, site)
    page.goto(f"{site}/admin/imports_app/import/new_import/?resource_type=authors")
    page.get_by_label("Drop a file here").set_input_files(FILE)  # type: ignore[arg-type]
    page.get_by_role("button", name="Read").click()
    page.get_by_role("button", name="Match its columns").click()
    page.get_by_role("button", name="Continue with").click()
    expect(page.locator("#live-plan")).to_contain_text("What would happen")
    page.get_by_role("button", name="Import").click()
    expect(page.locator("#live-overview")).to_contain_text("Completed")
    page.goto(f"{site}/admin/library/author/")
    expect(page.get_by_role("link", name="Vonda")).to_be_visible()
