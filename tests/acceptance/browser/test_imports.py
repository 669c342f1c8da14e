import csv
import re
import uuid
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.api import Api
from tests.acceptance.browser.pause import PausedWorker
from tests.acceptance.browser.staff import Staff

LIST = "/admin/imports_app/import/"
HIDDEN_PAUSE = 15_000  # milliseconds; the script's, between two looks while nobody sees the page
# The page takes itself for hidden, and writes down the notifications that it makes.
IN_ANOTHER_TAB = """
Object.defineProperty(document, "hidden", { get: () => true });
window.told = [];
window.Notification = class extends Notification {
    constructor(title, options) {
        super(title, options);
        told.push([title, options.body]);
    }
};
"""

# The page waits for a hundredth of what it means to, and writes that down.
IN_A_HURRY = """
window.pauses = [];
const later = window.setTimeout;
window.setTimeout = (action, pause, ...others) => {
    if (action.name !== "refresh") return later(action, pause, ...others);
    pauses.push(pause);
    return later(action, pause / 100, ...others);
};
"""


def address(import_: Any) -> str:
    return f"{LIST}{import_['id']}/change/"


def skus(count: int, **attributes: object) -> list[dict[str, object]]:
    prefix = uuid.uuid4().hex[:8]
    return [{"code": f"{prefix}-{n}", "name": f"Mug {n}", **attributes} for n in range(count)]


def with_failures(client: Api) -> Any:
    """A finished import of 40 rows, of which 30 have an attribute that nobody knows."""
    return client.import_("skus", [*skus(10), *skus(30, colour="red")], skip_errors=True)


def test_the_page_of_an_import_is_brought_up_to_date_soon_at_first_and_less_often_later(
    page: Page, staff: Staff, client: Api, paused_worker: PausedWorker
) -> None:
    import_ = client.create_import("skus", skus(5))
    staff.sign_in(page)
    page.add_init_script(IN_A_HURRY)

    page.goto(address(import_))
    page.wait_for_function("pauses.length > 4")

    assert page.evaluate("pauses.slice(0, 5)") == [500, 1000, 2000, 2000, 2000]


def test_an_import_is_watched_from_its_creation_to_its_end(
    page: Page, staff: Staff, client: Api, paused_worker: PausedWorker
) -> None:
    import_ = client.create_import("skus", skus(20_000))
    staff.sign_in(page)
    page.goto(address(import_))
    expect(page.locator("#live-overview")).to_contain_text("Pending")
    page.evaluate("window.sameDocument = true")

    paused_worker.resume()

    expect(page.locator("#live-overview")).to_contain_text("Completed")
    expect(page.locator("#live-overview")).to_contain_text("20,000 of 20,000 rows")
    expect(page.get_by_role("status")).to_have_text("Completed: 20,000 rows processed, 0 failed")
    assert page.evaluate("window.sameDocument")


def test_a_notification_tells_of_the_end_in_another_tab(
    page: Page, staff: Staff, client: Api, paused_worker: PausedWorker
) -> None:
    import_ = client.create_import("skus", skus(5))
    staff.sign_in(page)
    page.context.grant_permissions(["notifications"])
    page.add_init_script(IN_ANOTHER_TAB)
    page.clock.install()
    page.goto(address(import_))

    paused_worker.resume()
    client.finished(import_["id"])
    page.clock.fast_forward(HIDDEN_PAUSE)

    expect(page).to_have_title("✓ Completed: 5 rows processed, 0 failed")
    assert page.evaluate("told") == [["skus", "Completed: 5 rows processed, 0 failed"]]


def test_the_list_shows_without_a_reload_that_an_import_ends(
    page: Page, staff: Staff, client: Api, paused_worker: PausedWorker
) -> None:
    reference = uuid.uuid4().hex
    client.create_import("skus", skus(5), reference=reference)
    staff.sign_in(page)
    page.goto(LIST)
    row = page.get_by_role("row").filter(has_text=reference)
    expect(row).to_contain_text("0 of 5")
    link = row.get_by_role("link").first
    link.focus()

    paused_worker.resume()

    expect(row).to_contain_text("Completed")
    expect(row).to_contain_text("5 of 5")
    expect(link).to_be_focused()


def test_a_page_of_what_is_final_asks_for_nothing(page: Page, staff: Staff, client: Api) -> None:
    import_ = with_failures(client)
    staff.sign_in(page)
    page.clock.install()
    page.goto(address(import_))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.resource_type} {request.url}"))

    page.clock.run_for(60_000)

    assert not [request for request in asked if request.startswith("fetch ")]


def test_errors_are_read_from_the_summary_down_to_a_row(
    page: Page, staff: Staff, client: Api
) -> None:
    import_ = with_failures(client)
    staff.sign_in(page)
    page.goto(address(import_))

    groups = page.get_by_role("region", name="What is wrong")
    expect(groups).to_contain_text("30 rows")
    expect(groups).to_contain_text("colour is unknown")
    page.get_by_role("link", name="Next").click()

    rows = page.get_by_role("region", name="Failed rows")
    expect(rows).to_contain_text("26 to 30 of 30")
    expect(rows).to_contain_text('"colour"')
    with page.expect_download() as download:
        page.get_by_role("link", name="Failed rows as CSV").click()
    with download.value.path().open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert {line["errors"] for line in lines} == {"colour is unknown"}
    assert len(lines) == 30


def test_failed_rows_are_retried(page: Page, staff: Staff, client: Api) -> None:
    import_ = with_failures(client)
    staff.sign_in(page)
    page.goto(address(import_))

    page.get_by_role("link", name="Retry 30 rows").click()
    page.get_by_role("button", name="Retry 30 rows").click()

    expect(page.get_by_text("The retry was created")).to_be_visible()
    expect(page.locator("#live-overview")).to_contain_text("30 of 30 rows")
    page.get_by_role("link", name=import_["id"]).click()
    expect(page.locator("#live-overview")).to_contain_text("Retried as")


def test_an_import_is_interrupted_by_keyboard_alone(
    page: Page, staff: Staff, client: Api, paused_worker: PausedWorker
) -> None:
    import_ = client.create_import("skus", skus(5))
    staff.sign_in(page)
    page.goto(address(import_))

    page.get_by_role("link", name="Interrupt").press("Enter")
    page.get_by_role("button", name="Interrupt").press("Enter")

    expect(page.get_by_text("It is interrupted.")).to_be_visible()
    answer = client.get(f"/api/imports/{import_['id']}").document["data"]
    assert answer["attributes"]["status"] == "interrupted"


def test_the_list_is_narrowed_by_keyboard_alone(page: Page, staff: Staff, client: Api) -> None:
    with_failures(client)
    staff.sign_in(page)
    page.goto(LIST)

    page.get_by_role("button", name="Filters").press("Enter")
    page.get_by_role("link", name="Without").press("Enter")

    expect(page).to_have_url(re.compile("errors=no"))
    expect(page.get_by_text("Completed with errors")).to_have_count(0)


def test_staff_who_may_only_look_are_offered_nothing_else(
    page: Page, staff: Staff, client: Api
) -> None:
    import_ = with_failures(client)
    staff.sign_in(page, "looks")
    page.goto(address(import_))

    expect(page.get_by_role("region", name="What is wrong")).to_contain_text("30 rows")
    expect(page.get_by_role("link", name="Retry")).to_have_count(0)
    expect(page.get_by_role("link", name="Delete")).to_have_count(0)


def test_staff_without_permissions_see_no_import(page: Page, staff: Staff, client: Api) -> None:
    import_ = client.import_("skus", skus(1))
    staff.sign_in(page, "nothing")
    page.goto("/admin/")

    expect(page.get_by_role("heading", name="Health")).to_have_count(0)
    answer = page.request.get(address(import_))
    assert answer.status == 403


@pytest.mark.parametrize("width", [400, 1400])
def test_no_page_is_wider_than_the_window(
    page: Page, staff: Staff, client: Api, width: int
) -> None:
    import_ = with_failures(client)
    page.set_viewport_size({"width": width, "height": 900})
    staff.sign_in(page)

    for path in ("/admin/", LIST, address(import_)):
        page.goto(path)
        expect(page.locator("#content")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_home_page_shows_what_was_done_in_the_last_day(
    page: Page, staff: Staff, client: Api
) -> None:
    with_failures(client)

    staff.sign_in(page)
    page.goto("/admin/")

    chart = page.get_by_role("img", name="Rows per minute over the last day: at most")
    expect(chart).to_be_visible()
    expect(page.get_by_role("region", name="Failed rows by type")).to_contain_text("skus")
    expect(page.get_by_role("region", name="Health")).to_contain_text("ok")
