"""The way from a shop's spreadsheet to its records, without a mouse."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.acceptance.browser.staff import Staff
from tests.screenshots import price_list

FARTHEST = 100  # presses of Tab; nobody goes on for so long
ATTRIBUTES = {
    "Artikel-Nr": ("code", "40 of 40"),
    "Bezeichnung": ("name", "39 of 39"),
    "Gewicht": ("weight", "39 of 40"),
    "Einheit": ("unit_of_weight", "39 of 40"),
    "Versand": ("do_not_ship", "0 of 40"),
}


def go_to(page: Page, target: Locator) -> None:
    """Press Tab until the focus is there."""
    expect(target).to_be_visible()
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"no Tab leads to {target}")


def begin_at(page: Page, target: Locator) -> None:
    """Skip the menu of a page that has just come, and go on to there.

    A page that follows a form begins where the menu of that one was skipped to: browsers keep the
    address's fragment.
    """
    expect(target).to_be_visible()
    page.wait_for_load_state()
    if not page.url.endswith("#main"):
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        page.keyboard.press("Enter")
    go_to(page, target)


def press(page: Page, name: str | re.Pattern[str], role: str = "button") -> None:
    """Skip the menu, and press what has that name."""
    begin_at(page, page.get_by_role(role, name=name))  # type: ignore[arg-type]
    page.keyboard.press("Enter")


def test_a_spreadsheet_is_matched_imported_and_mended_by_keyboard_alone(
    page: Page, staff: Staff
) -> None:
    page.on("filechooser", lambda _: None)  # the browser hands them over from the first page on
    staff.sign_in(page)
    page.goto("/admin/")
    press(page, "New import", "link")
    read(page)
    match(page)
    expect(page.locator("#live-plan")).to_contain_text("3 of 40 rows would fail.")
    press(page, "Import 37 rows")
    expect(page.locator("#live-overview")).to_contain_text("Completed with errors")

    press(page, "Mend failed rows", "link")
    mend(page)
    expect(page.get_by_text("3 of 3 mended")).to_be_visible()
    press(page, "Check the mended rows")
    expect(page.locator("#live-plan")).to_contain_text("No row would fail.")
    press(page, "Import 3 rows")

    expect(page.locator("#live-overview")).to_contain_text("3 of 3 rows")
    expect(page.locator("#live-overview")).to_contain_text("Completed")


def read(page: Page) -> None:
    begin_at(page, page.get_by_label("Drop a file here"))
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(price_list())
    go_to(page, page.get_by_label("Type of the rows"))
    page.keyboard.type("skus")
    go_to(page, page.get_by_role("button", name="Read"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("sheet Preise, 40 rows")).to_be_visible()
    press(page, "Match its columns")


def match(page: Page) -> None:
    first, *others = ATTRIBUTES
    begin_at(page, page.get_by_label(f"Attribute of {first}"))
    for place, column in enumerate((first, *others)):
        attribute, fits = ATTRIBUTES[column]
        if place:
            go_to(page, page.get_by_label(f"Attribute of {column}"))
        page.keyboard.type(attribute)
        expect(page.get_by_label(f"Attribute of {column}")).to_have_value(attribute)
        expect(page.locator(f"#fit-of-{place}")).to_contain_text(fits)
    go_to(page, page.get_by_label("Conversion of Versand"))
    page.keyboard.type("Words")
    expect(page.locator("#fit-of-4")).to_contain_text("40 of 40")
    go_to(page, page.get_by_label("Test", exact=True))
    page.keyboard.press("Space")
    go_to(page, page.get_by_role("button", name="Continue with 40 rows"))
    page.keyboard.press("Enter")


def mend(page: Page) -> None:
    begin_at(page, page.get_by_label("unit_of_weight of row 3", exact=True))
    page.keyboard.type("gr")
    go_to(page, page.get_by_label("weight of row 7", exact=True))
    page.keyboard.type("2,5")
    go_to(page, page.get_by_label("name of row 11", exact=True))
    page.keyboard.type("Sencha 11")
    page.keyboard.press("Enter")
