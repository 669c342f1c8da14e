"""Pages looked through by axe-core, in both themes."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

Violations = list[tuple[str, list[str]]]

# A theme changes the colours, and the logo on top of each page. These are the rules about colours;
# to try the other ones in the second theme, too, would find the same and take as long again.
OF_COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
AT_REST = """async () => {
    await document.fonts.ready;
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
}"""
SWITCH = """async (theme) => {
    Alpine.$data(document.documentElement).switchTheme(theme);
    await Alpine.nextTick();
}"""


def violations(page: Page) -> Violations:
    """What axe complains of, with the elements that it means: in the dark, of colours alone."""
    page.wait_for_load_state()
    page.evaluate(AT_REST)
    found = Axe().run(page).response["violations"]

    page.evaluate(SWITCH, "dark")
    assert page.evaluate("document.documentElement.className") == "dark"
    page.evaluate(AT_REST)
    found += page.evaluate("rules => axe.run(rules)", OF_COLOURS)["violations"]
    page.evaluate(SWITCH, "auto")
    return [_named(each) for each in found]


def _named(violation: Any) -> tuple[str, list[str]]:
    return violation["id"], [node["html"][:200] for node in violation["nodes"]]
