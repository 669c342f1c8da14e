"""A browser in front of the real processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.acceptance.browser.chromium import WAIT, chromium
from tests.acceptance.browser.pause import PausedWorker
from tests.acceptance.browser.staff import Staff
from tests.acceptance.stack import Stack

FOLDER = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They come one after the other, so that one browser serves them all."""
    items.sort(key=lambda item: item.path.is_relative_to(FOLDER))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Ends before other tests begin."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def stack(servers_stack: Stack) -> Stack:
    """One is enough: what the pages read is tested on both databases elsewhere."""
    servers_stack.await_ready()
    return servers_stack


@pytest.fixture
def paused_worker(stack: Stack) -> Iterator[PausedWorker]:
    """The stack's: imports stay as they are until the test, or its end, resumes it."""
    worker = PausedWorker(stack)
    try:
        worker.pause()
        yield worker
    finally:
        worker.resume()


@pytest.fixture
def context(browser: Browser, stack: Stack) -> Iterator[BrowserContext]:
    """A browser that knows nobody yet; the addresses are the stack's."""
    context = browser.new_context(base_url=stack.api.url)
    context.set_default_timeout(WAIT)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab; whatever its console complains of, a script that is refused too, fails the test."""
    complaints: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    yield page
    assert not complaints


@pytest.fixture(scope="session")
def staff_of() -> dict[str, Staff]:
    """The staff of each stack, by its address."""
    return {}


@pytest.fixture
def staff(stack: Stack, staff_of: dict[str, Staff]) -> Staff:
    """The stack's staff: one who may do everything, one who may only look, one who may nothing."""
    if stack.api.url not in staff_of:
        staff_of[stack.api.url] = Staff(stack)
    return staff_of[stack.api.url]
