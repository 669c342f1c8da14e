from playwright.sync_api import Page

from tests.acceptance.browser.staff import Staff
from tests.acceptance.browser.wrong_prices import WrongPrices
from tests.acceptance.stack import Stack


def test_a_wrong_price_list_is_seen_traced_and_taken_back(
    page: Page, staff: Staff, stack: Stack
) -> None:
    client = stack.client("live")
    wrong = WrongPrices(page, "live")
    wrong.make_the_right_ones(client)
    staff.sign_in(page)
    wrong.import_them()
    assert wrong.prices(client) != wrong.right()

    wrong.see_what_they_changed()
    wrong.trace_one()
    wrong.look_at_the_undo()
    wrong.take_them_back()

    assert wrong.prices(client) == wrong.right()
