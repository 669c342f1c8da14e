"""Those who use the staff pages."""

from playwright.sync_api import Cookie, Page, expect

from tests.acceptance.stack import Stack

PASSWORD = "correct horse battery staple"
MAKE = """
from django.contrib.auth.models import Permission, User
everything = User.objects.create_superuser("everything", password={password!r})
for name, codenames in {{"looks": ["view_import"], "nothing": ["view_apiclient"]}}.items():
    user = User.objects.create(username=name, password=everything.password, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
"""


class Staff:
    """Users made once in a stack: `everything`, `looks` and `nothing`, after what they may do."""

    def __init__(self, stack: Stack) -> None:
        stack.manage("shell", "--no-imports", "--command", MAKE.format(password=PASSWORD))
        self._url = stack.api.url
        self._sessions: dict[str, list[Cookie]] = {}

    def sign_in(self, page: Page, name: str = "everything") -> None:
        """As it is where somebody has signed in before; no page is opened for it."""
        if name not in self._sessions:
            self.fill_in_the_form(page, name)
            self._sessions[name] = page.context.cookies()
            page.goto("about:blank")
        page.context.add_cookies(
            [
                {"name": each["name"], "value": each["value"], "url": self._url}
                for each in self._sessions[name]
            ]
        )

    def fill_in_the_form(self, page: Page, name: str = "everything") -> None:
        """As anybody does, and be where it leads to."""
        page.goto("/admin/")
        page.get_by_label("Username").fill(name)
        page.locator("input[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page).to_have_title("Imports at a glance | Imports API")
