"""The browser that the tests drive."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

WAIT = 60_000  # milliseconds; a busy machine may take longer than playwright's own five seconds

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = (
    "NO BROWSER: the staff pages are not tested. Install Debian's `chromium`, or let "
    "`.venv/bin/playwright install chromium` fetch one."
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the machine's own Chromium, else the one that playwright installed.

    No other test may run meanwhile: Django takes the thread for an asynchronous one. So a fixture
    for it is made where its tests are, since pytest keeps one of a package that is imported into a
    module until all tests have run.
    """
    expect.set_options(timeout=WAIT)
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, BROWSERS)), None)
        path = path or playwright.chromium.executable_path
        if not os.access(path, os.X_OK):
            if os.environ.get("CI") == "true":
                pytest.fail(NO_BROWSER)
            pytest.skip(NO_BROWSER)
        # Its sandbox needs what a container's root has not.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
