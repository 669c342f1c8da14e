"""What the foreign project has tested for a long time, and what it does with imports."""

import contextlib
import json
import re
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import router
from django.test import TestCase, TransactionTestCase, override_settings
from django.urls import get_script_prefix, set_script_prefix
from rest_framework.authtoken.models import Token

from imports_app.models import ONLY, Import
from imports_app.oauth.models import ApiClient
from imports_app.services import ImportOrder, create_import
from imports_app.tasks import advance
from library.models import Author, Book, Shelf, Stock

HERE = {router.db_for_write(Import)}  # the databases that tests may touch
MEDIA_TYPE = "application/vnd.api+json"
ROWS: list[tuple[str, list[dict[str, Any]]]] = [
    ("authors", [{"email": "ursula@example.com", "name": "Ursula"}]),
    ("books", [{"isbn": "1", "title": "Rocannon", "author_email": "ursula@example.com"}]),
    ("shelves", [{"code": "A"}, {"code": "B"}]),
    ("stock", [{"book_isbn": "1", "shelf_code": "A", "copies": 3}]),
]


class OwnPages(TransactionTestCase):
    """They answer as before."""

    databases = HERE

    def setUp(self) -> None:
        """Let somebody in."""
        self.member = get_user_model().objects.create_superuser("jo@example.com", "secret")
        self.token = Token.objects.create(user=self.member)

    def test_the_own_api_speaks_its_own_json(self) -> None:
        """Neither its media type, nor its pages, nor its errors are ours."""
        author = Author.objects.create(email="a@example.com", name="A")
        Book.objects.create(isbn="1", title="One", author=author)
        answer = self.client.get("/api/books/", headers={"Authorization": f"Token {self.token}"})
        assert answer["Content-Type"] == "application/json"
        assert answer.json()["results"] == [{"isbn": "1", "title": "One", "list_price": None}]
        refused = self.client.get("/api/books/")
        assert refused.status_code == 401
        assert refused.json().keys() == {"oops"}

    def test_the_own_admin_looks_as_before(self) -> None:
        """Its first page and its lists are Django's."""
        self.client.force_login(self.member)
        page = self.client.get("/admin/").content.decode()
        assert "Site administration" in page
        assert "unfold" not in page
        assert self.client.get("/admin/library/book/").status_code == 200


class Buttons(TransactionTestCase):
    """They stand on the list of a model whose admin has the mixin."""

    databases = HERE

    def setUp(self) -> None:
        """Have shelves, and somebody who sees them."""
        Shelf.objects.bulk_create([Shelf(code=code) for code in ("A", "B")])
        self.member = get_user_model().objects.create_user("jo@example.com", "secret")
        self.member.is_staff = True
        self.member.save()
        self.client.force_login(self.member)

    def test_what_the_list_shows_is_exported_for_who_may_see_it(self) -> None:
        """As a file that could be imported again."""
        assert self.client.get("/admin/library/shelf/export.csv").status_code == 403
        self.member.user_permissions.add(Permission.objects.get(codename="view_shelf"))
        page = self.client.get("/admin/library/shelf/").content.decode()
        assert '<li><a href="/admin/library/shelf/export.csv">Export</a></li>' in page
        file = self.client.get("/admin/library/shelf/export.csv")
        lines = b"".join(file.streaming_content).decode().splitlines()
        assert lines[0].split(",")[0] == "code"
        assert sorted(line.split(",")[0] for line in lines[1:]) == ["A", "B"]

    def test_other_lists_have_none(self) -> None:
        """Neither the button nor its address."""
        self.member.user_permissions.add(Permission.objects.get(codename="view_book"))
        assert "Export" not in self.client.get("/admin/library/book/").content.decode()
        assert self.client.get("/admin/library/book/export.csv").status_code != 200


class Imports(TransactionTestCase):
    """They work beside all that."""

    databases = HERE

    def setUp(self) -> None:
        """Let a client in."""
        client, secret = ApiClient.issue(name="ERP", mode=ONLY)
        credentials = {"client_id": client.client_id, "client_secret": secret}
        answer = self.client.post(
            "/tools/imports/oauth/token",
            json.dumps({"grant_type": "client_credentials", **credentials}),
            content_type="application/json",
        )
        assert answer.status_code == 200, answer.content
        self.headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def post(self, resource_type: str, rows: list[dict[str, Any]]) -> Any:
        """Send rows and return the answer."""
        attributes = {"resource_type": resource_type, "inputs": rows}
        document = {"data": {"type": "imports", "attributes": attributes}}
        return self.client.post(
            "/tools/imports/api/imports",
            json.dumps(document),
            content_type=MEDIA_TYPE,
            headers=self.headers,
        )

    def get(self, path: str) -> Any:
        """Return the answer to a client of the API."""
        return self.client.get(path, headers=self.headers)

    def document(self, path: str) -> Any:
        """Return the document that stands there; it may be streamed."""
        return json.loads(self.get(path).getvalue())

    def test_rows_become_records_of_models_keyed_in_several_ways(self) -> None:
        """One after the other, each referring to those before."""
        for resource_type, rows in ROWS:
            answer = self.post(resource_type, rows)
            assert answer.status_code == 201, answer.content
            advance()
            seen = self.document(answer["Location"])["data"]
            assert seen["attributes"]["status"] == "completed", seen
            assert seen["attributes"]["processed_count"] == len(rows), seen
        assert Stock.objects.get().copies == 3

    def test_answers_are_ours_whatever_the_projects_settings_are(self) -> None:
        """Media type, attributes' names, pages and links."""
        location = self.post("shelves", [{"code": code} for code in "ABC"])["Location"]
        assert location.startswith("http://testserver/tools/imports/api/imports/")
        listing = self.get("/tools/imports/api/imports")
        assert listing["Content-Type"] == MEDIA_TYPE
        document = json.loads(listing.getvalue())
        assert document["meta"] == {"record_count": 1, "page_count": 1}
        shown = document["data"][0]["attributes"]
        assert shown["resource_type"] == "shelves"
        assert self.client.get(shown["attachment_url"]).status_code == 200
        missing = self.get("/tools/imports/api/imports/none")
        assert missing.json()["errors"][0]["code"] == "RECORD_NOT_FOUND"
        assert self.get("/tools/imports/api/imports?format=json").status_code == 400

    def test_no_mode_is_to_be_seen(self) -> None:
        """Neither in answers nor in the schema nor as an option of the commands."""
        self.post("shelves", [{"code": "A"}])
        paths = ("imports", "shelves", "resource_types", "application", "organization", "schema")
        for path in paths:
            answer = self.get(f"/tools/imports/api/{path}").getvalue().decode()
            assert not re.search(r"\bmodes?\b", answer), path
        for command in ("import_file", "create_client"):
            out = StringIO()
            with contextlib.suppress(SystemExit), contextlib.redirect_stdout(out):
                call_command(command, "--help")
            assert "mode" not in out.getvalue()

    def test_strangers_are_refused(self) -> None:
        """The project's own tokens and sessions count for nothing here."""
        member = get_user_model().objects.create_superuser("jo@example.com", "secret")
        token = Token.objects.create(user=member)
        self.client.force_login(member)
        for headers in ({}, {"Authorization": f"Token {token}"}):
            answer = self.client.get("/tools/imports/api/imports", headers=headers)
            assert answer.status_code == 401
            assert answer["WWW-Authenticate"].startswith("Bearer")

    def test_links_stand_behind_a_script_name(self) -> None:
        """As behind a server that gives the project only a part of its site."""
        self.addCleanup(set_script_prefix, get_script_prefix())
        set_script_prefix("/shop/")
        answer = self.get("/tools/imports/api/resource_types")
        link = answer.json()["data"][0]["links"]["self"]
        assert link == "http://testserver/shop/tools/imports/api/resource_types/authors"

    def test_what_needs_an_extra_is_not_there(self) -> None:
        """Neither the measurements nor the page of the schema."""
        assert self.get("/tools/imports/metrics").status_code == 404
        assert self.get("/tools/imports/api/schema/docs").status_code == 404
        schema = self.client.get("/tools/imports/api/schema").json()
        assert schema["servers"] == [{"url": "/tools/imports"}]

    def test_a_refusal_of_the_database_is_an_answer_in_spite_of_atomic_requests(self) -> None:
        """The same key twice with another body."""
        for rows, status in (([{"code": "A"}], 201), ([{"code": "B"}], 422)):
            self.headers["Idempotency-Key"] = "one"
            assert self.post("shelves", rows).status_code == status
        assert Import.objects.count() == 1


@override_settings(IMPORTS_EAGER=True)
class Eager(TestCase):
    """What the project does with imports in its own tests: no worker, no broker, no commit."""

    databases = HERE

    def test_a_file_is_imported_by_a_command(self) -> None:
        """By `call_command`, as a script does."""
        with TemporaryDirectory() as folder:
            file = Path(folder) / "authors.csv"
            file.write_text("email,name\nursula@example.com,Ursula\n")
            out = StringIO()
            call_command("import_file", "authors", file, "--here", stdout=out)
        assert "completed" in out.getvalue()
        assert Author.objects.get().name == "Ursula"

    def test_several_imports_take_effect_within_one_transaction(self) -> None:
        """Each once it is made."""
        for resource_type, rows in ROWS:
            order = ImportOrder(
                resource_type=resource_type, rows=[json.dumps(row).encode() for row in rows]
            )
            import_ = create_import(order=order, mode=ONLY)
            assert import_.processed_count == len(rows)
        assert Stock.objects.get().copies == 3
