"""A price list that was wrong: imported, noticed, traced and taken back."""

import re
import uuid
from typing import Any

from playwright.sync_api import FilePayload, Page, expect

from tests.acceptance.api import Api

NEW = "/admin/imports_app/import/new_import/?resource_type=prices"
PRICES = "/admin/commerce/price/"
COUNT = 20
FILE = "prices.csv"


class WrongPrices:
    """What a member of staff does who is signed in on that page.

    Attributes:
        mode: "test" or "live": that of the client that made the right prices.
    """

    def __init__(self, page: Page, mode: str) -> None:
        self.mode = mode
        self._page = page
        self._name = uuid.uuid4().hex[:8]
        self._codes = [f"TEA-{self._name}-{number:02}" for number in range(COUNT)]

    def make_the_right_ones(self, client: Api) -> None:
        """Import SKUs, a price list and a price for each."""
        client.import_("skus", [{"code": code, "name": f"Tea {code}"} for code in self._codes])
        client.import_("price_lists", [{"name": self._name, "currency_code": "EUR"}])
        client.import_("prices", [self._price(number) for number in range(COUNT)])

    def import_them(self) -> None:
        """Import a file that has euros where cents are wanted, without a look at its check."""
        page = self._page
        page.goto(NEW)
        page.get_by_label("Drop a file here").set_input_files(self._file())
        page.get_by_role("button", name="Read").click()
        page.get_by_role("button", name="Match its columns").click()
        page.get_by_label(self.mode.capitalize(), exact=True).check()
        page.get_by_role("button", name="Continue with").click()
        page.get_by_role("button", name=re.compile("^Import ")).click()
        expect(page.locator("#live-overview")).to_contain_text("Completed")

    def see_what_they_changed(self) -> None:
        """Go from the finished import to the records that it changed."""
        changed = self._page.get_by_role("region", name="What it changed")
        changed.get_by_role("link", name=f"Changed {COUNT}").click()
        expect(changed).to_contain_text(re.compile(r"amount_cents 20 changed, .99 % on average"))

    def trace_one(self) -> None:
        """Go from a SKU's price to the import that made it what it is."""
        page = self._page
        page.goto(f"{PRICES}?q={self._codes[2]}")
        page.get_by_role("link", name=self._codes[2]).click()
        touched = page.get_by_role("region", name="Imports that touched this record")
        expect(touched.get_by_role("listitem").first).to_contain_text(f"{FILE} · line 4")

    def look_at_the_undo(self) -> None:
        """Go from the record to the import, and make the dry run that shows its undo."""
        page = self._page
        touched = page.get_by_role("region", name="Imports that touched this record")
        touched.get_by_role("link", name="Updated").first.click()
        page.get_by_role("link", name="Undo").click()
        page.get_by_role("button", name="Look first").click()
        expect(page.locator("#live-plan")).to_contain_text(f"{COUNT} records put back")

    def take_them_back(self) -> None:
        """Make the undo."""
        page = self._page
        page.get_by_role("button", name="Undo").click()
        expect(page.locator("#live-overview")).to_contain_text("Completed")

    def prices(self, client: Api) -> list[int]:
        """Return what the prices are, in the order of the SKUs' codes."""
        found: list[Any] = client.records("prices", "sku_code", self._codes)
        by_code = {each["attributes"]["sku_code"]: each["attributes"] for each in found}
        return [by_code[code]["amount_cents"] for code in self._codes]

    def right(self) -> list[int]:
        """Return what they are to be."""
        return [100 * (10 + number) for number in range(COUNT)]

    def _price(self, number: int) -> dict[str, object]:
        cents = self.right()[number]
        code = self._codes[number]
        return {"sku_code": code, "price_list_name": self._name, "amount_cents": cents}

    def _file(self) -> FilePayload:
        lines = [
            f"{code},{self._name},{cents // 100}"
            for code, cents in zip(self._codes, self.right(), strict=True)
        ]
        text = "\n".join(["sku_code,price_list_name,amount_cents", *lines])
        return {"name": FILE, "mimeType": "text/csv", "buffer": text.encode()}
