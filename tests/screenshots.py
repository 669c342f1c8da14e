"""Take the pictures of the documents anew: `.venv/bin/python -m tests.screenshots`.

It starts the service with its sample, goes from a file to a finished import as a member of staff
does, takes back another one, and photographs each step with the Chromium of the browser tests.
`--to`, `--width` and `--dark` are for looking at the same pages in other windows.
"""

import argparse
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter
from playwright.sync_api import FilePayload, Page, expect

from config.env import BASE_DIR
from tests import migrated
from tests.acceptance.api import Api
from tests.acceptance.browser.chromium import WAIT, chromium
from tests.acceptance.browser.staff import PASSWORD
from tests.acceptance.browser.wrong_prices import WrongPrices
from tests.acceptance.processes import run
from tests.acceptance.service import Service

IMAGES = BASE_DIR / "docs" / "images"
WIDTH, HEIGHT = 1400, 900
RUNNING_WIDTH, RUNNING_HEIGHT = 1080, 740  # the README's picture, without the menu
ROWS, WRONG_EVERY = 60_000, 80
MAKE = f"""
from django.contrib.auth.models import User
user = User.objects.get(username="staff")  # the service makes it
user.set_password({PASSWORD!r})
user.save()
"""
WRONG = {3: {3: "kg"}, 7: {2: "schwer"}, 11: {1: ""}}  # cells by row and place
NEW = "/admin/imports_app/import/new_import/"
HEADER = ["Artikel-Nr", "Bezeichnung", "Gewicht", "Einheit", "Versand", "Notiz"]
TEAS = ("Grüner Tee", "Früchtetee", "Kräutertee", "Chai", "Earl Grey", "Rooibos", "Mate", "Sencha")


def main() -> None:
    """Take all of them."""
    arguments = _arguments()
    arguments.to.mkdir(exist_ok=True, parents=True)
    with TemporaryDirectory() as folder, _service(Path(folder) / "var") as service:
        scheme = "dark" if arguments.dark else "light"
        with _page(service, arguments.width, scheme) as page:
            photographer = Photographer(page, arguments.to)
            photographer.walk()
            photographer.take_back(service.client())
            if not arguments.only_walk:
                _running_import(service, page, arguments.to)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=IMAGES)
    parser.add_argument("--width", type=int, default=WIDTH)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--only-walk", action="store_true", help="leave out the running import")
    return parser.parse_args()


@contextmanager
def _service(folder: Path) -> Iterator[Service]:
    migrated.copy_sqlite(folder)
    service = Service(folder, IMPORTS_SAMPLE="1")
    try:
        service.start()
        run("django", "shell", "--no-imports", "--command", MAKE, environment=service.environment)
        yield service
    finally:
        service.process.stop()


@contextmanager
def _page(service: Service, width: int, scheme: str) -> Iterator[Page]:
    """A window in which `staff` is signed in."""
    with chromium() as browser:
        page = browser.new_page(
            base_url=service.api.url,
            viewport={"width": width, "height": HEIGHT},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        page.set_default_timeout(WAIT)
        page.goto("/admin/")
        page.get_by_label("Username").fill("staff")
        page.locator("input[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page).to_have_title(re.compile("Imports at a glance"))
        yield page


class Photographer:
    """Goes from a file to a finished import, and takes a picture at each step."""

    def __init__(self, page: Page, to: Path) -> None:
        self._page = page
        self._to = to

    def walk(self) -> None:
        """Read, match, check, mend, check again, import."""
        page = self._page
        self._take("home")
        page.goto(NEW)
        self._take("new")
        page.get_by_label("Drop a file here").set_input_files(price_list())
        page.get_by_label("Type of the rows").select_option("skus")
        page.get_by_role("button", name="Read").click()
        expect(page.get_by_role("heading", name="What was understood")).to_be_visible()
        self._take("read")
        self._match()
        self._mend()
        page.get_by_role("button", name=re.compile("^Import ")).click()
        expect(page.locator("#live-overview")).to_contain_text("Completed")
        self._take("imported")

    def take_back(self, client: Api) -> None:
        """See what a wrong price list changed, trace it from a price, and undo it."""
        wrong = WrongPrices(self._page, "test")
        wrong.make_the_right_ones(client)
        wrong.import_them()
        wrong.see_what_they_changed()
        self._take_region("changed", "What it changed")
        wrong.trace_one()
        self._take_region("trace", "Imports that touched this record")
        wrong.look_at_the_undo()
        self._take("undo")
        wrong.take_them_back()

    def _match(self) -> None:
        page = self._page
        page.get_by_role("button", name="Match its columns").click()
        page.get_by_label("Test", exact=True).check()
        attributes = dict(zip(HEADER, ("code", "name", "weight", "unit_of_weight"), strict=False))
        for column, attribute in (attributes | {"Versand": "do_not_ship"}).items():
            page.get_by_label(f"Attribute of {column}").select_option(attribute)
        expect(page.locator("#fit-of-2")).to_contain_text("39 of 40")
        page.get_by_label("Conversion of Versand").select_option("words")
        expect(page.locator("#fit-of-4")).to_contain_text("40 of 40")
        self._take("match")
        page.get_by_role("button", name="Continue with").click()
        expect(page.locator("#live-plan")).to_contain_text("3 of 40 rows would fail.")
        self._take("check")

    def _mend(self) -> None:
        page = self._page
        page.get_by_role("link", name="Mend failed rows").click()
        self._take("mend")
        page.get_by_label("unit_of_weight of row 3", exact=True).select_option("gr")
        page.get_by_label("weight of row 7", exact=True).fill("2,5")
        page.get_by_label("name of row 11", exact=True).fill("Sencha 11")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("3 of 3 mended")).to_be_visible()
        self._take("mended")
        page.get_by_role("button", name="Check the mended rows").click()
        expect(page.locator("#live-plan")).to_contain_text("No row would fail.")
        self._take("checked")

    def _take(self, name: str) -> None:
        """Photograph the page as far as it goes, without what moves."""
        path = self._path(name)
        if path is None:
            return
        page = self._page
        page.mouse.move(0, 0)
        window = page.viewport_size
        assert window is not None
        whole = page.evaluate("document.documentElement.scrollHeight")
        # What sticks to the window's edges would be in the middle.
        page.set_viewport_size({"width": window["width"], "height": max(HEIGHT, whole)})
        page.screenshot(path=path, full_page=True, animations="disabled")
        page.set_viewport_size(window)

    def _take_region(self, name: str, label: str) -> None:
        """Photograph the region of the page that has this label."""
        path = self._path(name)
        if path is not None:
            self._page.get_by_role("region", name=label).screenshot(
                path=path, animations="disabled"
            )

    def _path(self, name: str) -> Path | None:
        """Return where the picture goes; of the documents' pictures only those there are."""
        path = self._to / f"{name}.png"
        return None if self._to == IMAGES and not path.exists() else path


def price_list() -> FilePayload:
    """A shop's spreadsheet: other headers, decimal commas, and three rows that are wrong."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("Preise")
        sheet.write_row(0, 0, HEADER)
        for number in range(40):
            row = [f"TEE-{number:03}", f"{TEAS[number % len(TEAS)]} {number}", f"{number},5"]
            row = [*row, "gr", "nein", ""]
            for place, cell in WRONG.get(number, {}).items():
                row[place] = cell
            sheet.write_row(number + 1, 0, row)
    return {
        "name": "preisliste.xlsx",
        "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "buffer": stream.getvalue(),
    }


def _running_import(service: Service, page: Page, to: Path) -> None:
    """Photograph an import while it runs, with what is wrong with its rows so far."""
    import_ = service.client().create_import("skus", [_mug(number) for number in range(ROWS)])
    page.set_viewport_size({"width": RUNNING_WIDTH, "height": HEIGHT})
    page.goto(f"/admin/imports_app/import/{import_['id']}/change/")
    expect(page.locator("#live-overview")).to_contain_text("rows per second")
    expect(page.get_by_role("region", name="What is wrong")).to_contain_text("pieces_per_pack")
    top = page.locator("#live-overview").bounding_box() or {"y": 0}
    clip = {"x": 0, "y": top["y"] - 24, "width": RUNNING_WIDTH, "height": RUNNING_HEIGHT}
    page.screenshot(path=to / "running-import.png", clip=clip, full_page=True)  # type: ignore[arg-type]


def _mug(number: int) -> dict[str, object]:
    mug = {"code": f"MUG-{number:05}", "name": f"Mug {number:05}", "pieces_per_pack": 6}
    if number % WRONG_EVERY == 7:
        return mug | {"pieces_per_pack": "a dozen"}
    return {**mug, "name": None} if number % (2 * WRONG_EVERY) == 5 else mug


if __name__ == "__main__":
    main()
