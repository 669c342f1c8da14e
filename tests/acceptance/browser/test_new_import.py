import csv
import uuid
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.acceptance.browser.pause import PausedWorker
from tests.acceptance.browser.staff import Staff
from tests.acceptance.stack import Stack

NEW = "/admin/imports_app/import/new_import/?resource_type=skus"


def file(*lines: str, name: str = "mugs.csv") -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}


def with_a_bad_column() -> FilePayload:
    """20 rows; `colour` is no attribute, and the weight of the second row no number."""
    prefix = uuid.uuid4().hex[:8]
    rows = [f"{prefix}-{n},Mug,{'heavy' if n == 1 else n},red" for n in range(20)]
    return file("code,name,weight,colour", *rows)


def read(page: Page, sent: FilePayload, type_: str = "skus") -> None:
    """Sends the file, and waits for what was understood of it."""
    page.goto(NEW.replace("skus", type_))
    page.get_by_label("Drop a file here").set_input_files(sent)
    page.get_by_role("button", name="Read").click()
    expect(page.get_by_role("heading", name="What was understood")).to_be_visible()


def matched(page: Page, sent: FilePayload, type_: str = "skus") -> None:
    """Sends the file in test mode, and goes on to its columns."""
    read(page, sent, type_)
    page.get_by_role("button", name="Match its columns").click()
    page.get_by_label("Test", exact=True).check()


def dry_run(page: Page, sent: FilePayload) -> None:
    """Sends the file in test mode, and waits for what would become of it."""
    matched(page, sent)
    page.get_by_role("button", name="Continue with").click()
    expect(page.locator("#live-plan")).to_contain_text("What would happen")


def imported(page: Page) -> None:
    """Presses the button, and waits for the end of the import."""
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("The import will begin in its turn.")).to_be_visible()
    expect(page.locator("#live-overview")).to_contain_text("Completed")


def test_a_file_is_checked_and_imported_and_its_failed_rows_are_mended(
    page: Page, staff: Staff
) -> None:
    staff.sign_in(page)
    page.goto("/admin/")
    page.get_by_role("link", name="New import").click()
    expect(page.get_by_label("Type of the rows")).to_have_value("")
    matched(page, with_a_bad_column())
    fits = page.locator("#fit-of-2")
    expect(fits).to_contain_text("19 of 20")
    expect(fits).to_contain_text("Line 3 is not a number: 'heavy'")
    expect(page.get_by_label("Attribute of colour")).to_have_value("")
    page.get_by_role("button", name="Continue with 20 rows").click()

    wrong = page.locator("tr.wrong-row").filter(has_text="heavy")
    expect(wrong).to_have_count(1)
    plan = page.locator("#live-plan")
    expect(plan).to_contain_text("1 of 20 rows would fail.")
    expect(page.get_by_role("region", name="What is wrong")).to_contain_text("weight")
    imported(page)
    expect(page.locator("#live-overview")).to_contain_text("20 of 20 rows")

    with page.expect_download() as download:
        page.get_by_role("link", name="Failed rows as CSV").click()
    dry_run(page, file(mended(download.value.path()), name="mended.csv"))
    expect(plan).to_contain_text("No row would fail.")
    imported(page)
    expect(page.locator("#live-overview")).to_contain_text("1 row (100 %)")


def mended(path: Path) -> str:
    """The file of failed rows with a number for the weight, as somebody would save it."""
    lines = list(csv.DictReader(path.read_text().splitlines()))
    text = StringIO()
    writer = csv.DictWriter(text, lines[0])
    writer.writeheader()
    writer.writerows({**line, "weight": "3"} for line in lines)
    return text.getvalue()


def test_a_dry_run_is_watched_to_its_end_by_keyboard_alone(
    page: Page, staff: Staff, paused_worker: PausedWorker
) -> None:
    staff.sign_in(page)
    page.goto(NEW)
    page.get_by_label("Or paste cells").fill(f"code\tname\n{uuid.uuid4().hex[:8]}\tMug")
    page.get_by_role("button", name="Read").press("Enter")
    page.get_by_role("button", name="Match its columns").press("Enter")
    page.get_by_label("Test", exact=True).press("Space")
    page.get_by_role("button", name="Continue with 1 row").press("Enter")
    expect(page.get_by_role("status")).to_have_text("Pending")
    expect(page.get_by_role("button", name="Import")).to_have_count(0)
    page.evaluate("window.sameDocument = true")

    paused_worker.resume()

    button = page.get_by_role("button", name="Import 1 row")
    expect(button).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("Completed: 1 row processed, 0 failed")
    assert page.evaluate("window.sameDocument")
    button.press("Enter")
    expect(page.locator("#live-overview")).to_contain_text("1 row (100 %)")


def test_a_dry_run_is_interrupted(page: Page, staff: Staff, paused_worker: PausedWorker) -> None:
    staff.sign_in(page)
    dry_run(page, file("code,name", "A,Mug"))

    page.get_by_role("link", name="Interrupt").click()
    page.get_by_role("button", name="Interrupt").click()

    expect(page.get_by_text("It is interrupted.")).to_be_visible()
    page.get_by_role("link", name="Check and import").click()
    expect(page.locator("#live-plan")).to_contain_text("The dry run stopped after 0 of 1 row.")


def test_the_focus_goes_to_what_is_wrong_with_a_file(page: Page, staff: Staff) -> None:
    staff.sign_in(page)
    page.goto(NEW)
    page.get_by_label("Drop a file here").set_input_files(file("%PDF-1.7"))
    page.get_by_role("button", name="Read").click()

    problems = page.get_by_role("alert").filter(has_text="Nothing was read")
    expect(problems).to_be_focused()
    expect(problems).to_contain_text("is a PDF")
    expect(page.get_by_label("Drop a file here")).to_have_attribute("aria-invalid", "true")


def test_the_name_of_a_file_goes_into_no_other_field(page: Page, staff: Staff) -> None:
    staff.sign_in(page)
    page.goto(NEW)

    page.get_by_label("Drop a file here").set_input_files(file("amount_cents", "100"))

    expect(page.get_by_label("Or paste cells")).to_have_value("")


def test_the_reading_of_a_file_is_corrected_at_once(page: Page, staff: Staff) -> None:
    staff.sign_in(page)
    read(page, file("code|name", "A|Mug;Cup"))
    expect(page.get_by_text("vertical bar, 1 row")).to_be_visible()
    page.evaluate("window.sameDocument = true")

    page.get_by_label("Between cells").select_option(";")

    expect(page.get_by_text("semicolon, 1 row")).to_be_visible()
    assert page.evaluate("window.sameDocument")


def test_columns_are_matched_and_seen_to_fit_without_leaving_the_page(
    page: Page, staff: Staff
) -> None:
    prefix = uuid.uuid4().hex[:8]
    staff.sign_in(page)
    matched(page, file("Nr;Bezeichnung;Gewicht", f"{prefix}-1;Tee;1,5", f"{prefix}-2;Kanne;2,25"))
    expect(page.get_by_text("without these, rows can update")).to_be_visible()
    page.evaluate("window.sameDocument = true")

    for column, attribute in {"Nr": "code", "Bezeichnung": "name", "Gewicht": "weight"}.items():
        page.get_by_label(f"Attribute of {column}").select_option(attribute)

    expect(page.locator("#fit-of-2")).to_contain_text("2 of 2")
    expect(page.get_by_text("without these, rows can update")).to_have_count(0)
    assert page.evaluate("window.sameDocument")
    page.get_by_role("button", name="Continue with 2 rows").click()
    expect(page.locator("#live-plan")).to_contain_text("No row would fail.")
    imported(page)


def test_a_draft_outlives_signing_out(page: Page, staff: Staff) -> None:
    staff.sign_in(page)
    name = f"{uuid.uuid4().hex[:8]}.csv"
    read(page, file("code,name", "A,Mug", name=name))
    page.context.clear_cookies()

    staff.fill_in_the_form(page)
    page.goto(NEW)
    page.get_by_role("link", name=name).click()

    expect(page.get_by_role("heading", name="What was understood")).to_be_visible()
    page.get_by_role("button", name="Delete this draft").click()
    expect(page.get_by_text("The draft is deleted.")).to_be_visible()


def test_live_records_are_named_and_counted_before_they_are_destroyed(
    page: Page, staff: Staff, stack: Stack
) -> None:
    old = uuid.uuid4().hex[:8]
    stack.client("live").import_("customer_groups", [{"name": old}, {"name": f"{old}-too"}])
    staff.sign_in(page)
    matched(page, file("name", "Gold"), "customer_groups")
    page.get_by_label("Live", exact=True).check()
    page.get_by_label("Destroy records that are not in the file").check()
    page.get_by_label("Check first").uncheck()
    page.get_by_role("button", name="Continue with").click()
    expect(page.get_by_role("alert").first).to_contain_text("only after a check")

    page.get_by_label("Check first").check()
    page.get_by_role("button", name="Continue with").click()
    plan = page.locator("#live-plan")
    expect(plan).to_contain_text("2 records would be destroyed")
    expect(plan).to_contain_text(f"{old}-too")
    button = page.get_by_role("button", name="Import 1 row and destroy 2 records")
    page.get_by_label("These are live records").fill("1")
    button.click()
    expect(page.get_by_text("Type 2 to have 2 records destroyed.")).to_be_visible()

    page.get_by_label("These are live records").fill("2")
    button.click()
    expect(page.locator("#live-overview")).to_contain_text("Completed")
    assert stack.client("live").records("customer_groups", "name", [old, f"{old}-too"]) == []


def test_a_number_that_may_be_a_thousand_times_as_much_is_asked_about(
    page: Page, staff: Staff
) -> None:
    staff.sign_in(page)
    read(page, file("code,name,pieces_per_pack", "A,Mug,1.000"))

    question = page.get_by_role("alert").filter(has_text="1.000")
    expect(question).to_contain_text("'1.000' in pieces_per_pack at line 2 is 1 or 1000")
    page.get_by_label("Numbers are written").select_option("1.234,50")
    expect(question).to_have_count(0)
    page.get_by_role("button", name="Match its columns").click()
    page.get_by_label("Test", exact=True).check()
    page.get_by_role("button", name="Continue with").click()
    expect(page.get_by_role("region", name="First rows").first).to_contain_text("1000")


def test_failed_rows_are_mended_where_they_stand_and_imported_as_the_retry(
    page: Page, staff: Staff
) -> None:
    prefix = uuid.uuid4().hex[:8]
    units = ["kg"] * 3 + ["gr"] * 17
    lines = [f"{prefix}-{n},Mug,{unit},{n}" for n, unit in enumerate(units)]
    staff.sign_in(page)
    dry_run(page, file("code,name,unit_of_weight,weight", *lines))
    imported(page)

    page.get_by_role("link", name="Mend failed rows").click()
    page.get_by_role("link", name="Show the rows whose unit_of_weight").click()
    page.get_by_label("by", exact=True).select_option("gr")
    page.get_by_role("button", name="Replace in all 3").press("Enter")
    expect(page.get_by_text("3 of 3 mended")).to_be_visible()
    page.get_by_label("Leave out row 0").check()
    page.get_by_role("button", name="Check the mended rows").click()

    expect(page.locator("#live-plan")).to_contain_text("No row would fail.")
    page.get_by_role("button", name="Import 2 rows").click()
    expect(page.get_by_text("The mended rows are imported in their turn.")).to_be_visible()
    expect(page.locator("#live-overview")).to_contain_text("2 of 2 rows")


def test_staff_who_may_only_look_are_offered_no_new_import(page: Page, staff: Staff) -> None:
    staff.sign_in(page, "looks")
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Health")).to_be_visible()
    expect(page.get_by_role("link", name="New import")).to_have_count(0)

    assert page.request.get(NEW).status == 403


@pytest.mark.parametrize("width", [390, 1024, 1400])
def test_no_page_is_wider_than_the_window(page: Page, staff: Staff, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    staff.sign_in(page)
    long = "x" * 200
    page.goto(NEW)
    page.get_by_text("Templates to fill in").click()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    read(page, file(f"code,name,{long}", f"{long},{long},{long}", name=f"{long}.csv"))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="Match its columns").click()
    page.get_by_text("What skus take").click()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_label("Test", exact=True).check()
    page.get_by_role("button", name="Continue with").click()

    expect(page.get_by_role("region", name="First rows").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
