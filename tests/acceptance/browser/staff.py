"""Those who use the staff pages."""

from playwright.sync_api import Page, expect

from tests.acceptance.stack import Stack

PASSWORD = "correct horse battery staple"
MAKE = """
from django.contrib.auth.models import Permission, User
User.objects.create_superuser("everything", password={password!r})
for name, codenames in {{"looks": ["view_import"], "nothing": ["view_apiclient"]}}.items():
    user = User.objects.create_user(name, password={password!r}, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
"""


class Staff:
    """Users made once in a stack: `everything`, `looks` and `nothing`, after what they may do."""

    def __init__(self, stack: Stack) -> None:
        stack.manage("shell", "--no-imports", "--command", MAKE.format(password=PASSWORD))

    def sign_in(self, page: Page, name: str = "everything") -> None:
        """By the form, as anybody does."""
        page.goto("/admin/")
        page.get_by_label("Username").fill(name)
        page.locator("input[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page).to_have_title("Imports at a glance | Imports API")
