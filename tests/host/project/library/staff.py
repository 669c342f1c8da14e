"""What staff of the foreign project do with imports, where it has Unfold."""

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import router
from django.test import TransactionTestCase, override_settings
from django.urls import reverse

from imports_app.models import Import
from library.models import Author

NEW = reverse("admin:imports_app_import_new_import") + "?resource_type=authors"


@override_settings(IMPORTS_EAGER=True)
class Staff(TransactionTestCase):
    """They sign in by an email address."""

    databases = {router.db_for_write(Import)}

    def setUp(self) -> None:
        """Sign in."""
        member = get_user_model().objects.create_superuser("jo@example.com", "secret")
        self.client.force_login(member)

    def test_a_file_becomes_records(self) -> None:
        """By the page for new imports; the pages of imports show what came of it."""
        assert self.client.get(NEW).status_code == 200
        file = SimpleUploadedFile("authors.csv", b"email,name\nursula@example.com,Ursula\n")
        draft = self.client.post(NEW, {"file": file, "resource_type": "authors"})
        assert draft.status_code == 302, draft.content
        match = f"{draft['Location']}match/"
        answer = self.client.post(match, {"action": "check"}, follow=True)
        assert answer.status_code == 200, answer.content
        assert Author.objects.get().name == "Ursula"
        import_ = Import.objects.get()
        assert str(import_.created_by) == "jo@example.com"
        for page in ("changelist", "new_import"):
            assert self.client.get(reverse(f"admin:imports_app_import_{page}")).status_code == 200
        page = self.client.get(reverse("admin:imports_app_import_change", args=[import_.pk]))
        assert "Completed" in page.content.decode()

    def test_the_projects_own_pages_are_there(self) -> None:
        """The first one, and those of its records and members."""
        for name in ("index", "library_book_changelist", "imports_oauth_apiclient_add"):
            assert self.client.get(reverse(f"admin:{name}")).status_code == 200

    def test_the_page_of_the_schema_and_the_measurements_are_there(self) -> None:
        """What the other extras bring."""
        assert self.client.get("/tools/imports/api/schema/docs").status_code == 200
        assert b"imports_active" in self.client.get("/tools/imports/metrics").content
