"""What users of the foreign project do with imports by its own tokens, without OAuth."""

import json
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import TransactionTestCase
from rest_framework.authtoken.models import Token

from imports_app.models import Import
from imports_app.tasks import advance
from library.models import Author

IMPORTS = "/tools/imports/api/imports"


class Members(TransactionTestCase):
    """They are callers, with the permissions that they have."""

    def setUp(self) -> None:
        """Let somebody in who may add authors, and nothing else."""
        self.member = get_user_model().objects.create_user("jo@example.com", "secret")
        self.allow("add_author")
        token = Token.objects.create(user=self.member)
        self.headers = {"Authorization": f"Token {token}"}

    def allow(self, codename: str) -> None:
        """Give the member a permission."""
        self.member.user_permissions.add(Permission.objects.get(codename=codename))

    def post(self, **options: Any) -> Any:
        """Ask for an import of an author, and return the answer."""
        rows = [{"email": "ursula@example.com", "name": "Ursula"}]
        attributes = {"resource_type": "authors", "inputs": rows, **options}
        document = {"data": {"type": "imports", "attributes": attributes}}
        kind = "application/vnd.api+json"
        return self.client.post(
            IMPORTS, json.dumps(document), content_type=kind, headers=self.headers
        )

    def test_a_member_imports_what_its_permissions_allow(self) -> None:
        """What is there already has to stay then."""
        refused = self.post()
        assert refused.status_code == 403
        assert refused.json()["errors"][0]["meta"] == {"permissions": ["library.change_author"]}
        assert self.post(if_exists="skip").status_code == 201
        advance()
        import_ = Import.objects.get()
        assert (import_.created_by, import_.caller) == (self.member, f"user-{self.member.pk}")
        assert Author.objects.get().name == "Ursula"

    def test_records_are_for_those_who_may_see_them(self) -> None:
        """By the same permission as in the admin."""
        authors = "/tools/imports/api/authors"
        assert self.client.get(authors, headers=self.headers).status_code == 403
        self.allow("view_author")
        assert self.client.get(authors, headers=self.headers).status_code == 200

    def test_strangers_are_refused_in_our_words(self) -> None:
        """With the challenge of the project's authenticator."""
        for headers in ({}, {"Authorization": "Token nobody"}):
            answer = self.client.get(IMPORTS, headers=headers)
            assert answer.status_code == 401
            assert answer["WWW-Authenticate"] == "Token"
            assert answer.json()["errors"][0]["status"] == "401"

    def test_no_tokens_are_given_out(self) -> None:
        """Neither the endpoint nor the command is there."""
        assert self.client.post("/tools/imports/oauth/token").status_code == 404
        schema = self.client.get("/tools/imports/api/schema").json()
        assert not [path for path in schema["paths"] if "oauth" in path]
