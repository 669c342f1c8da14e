"""The foreign project's provider, and our clients beside its applications."""

import hashlib
import json
from typing import Any
from urllib.parse import urlencode

from django.test import TransactionTestCase
from oauth2_provider.models import AccessToken
from partners.models import Partner

from imports_app.models import ONLY
from imports_app.oauth.models import AccessToken as OurToken
from imports_app.oauth.models import ApiClient

THEIRS = "/o/token/"
OURS = "/tools/imports/oauth/token"
IMPORTS = "/tools/imports/api/imports"


class Tokens(TransactionTestCase):
    """Each opens its own doors."""

    def setUp(self) -> None:
        """Have a partner, as the project has some."""
        self.partner = Partner.objects.create(
            name="Powell's",
            client_type=Partner.CLIENT_CONFIDENTIAL,
            authorization_grant_type=Partner.GRANT_CLIENT_CREDENTIALS,
            client_secret="in plain sight",
        )

    def token(self, url: str, client_id: str, secret: str, scope: str = "") -> Any:
        """Ask for a token, and return the answer."""
        form = {"grant_type": "client_credentials", "client_id": client_id, "scope": scope}
        body = urlencode({**form, "client_secret": secret})
        return self.client.post(url, body, content_type="application/x-www-form-urlencoded")

    def theirs(self) -> str:
        """Return a token that the project's own endpoint gives the partner."""
        scope = "books imports:read"
        answer = self.token(THEIRS, self.partner.client_id, "in plain sight", scope)
        assert answer.status_code == 200, answer.content
        return str(answer.json()["access_token"])

    def status(self, url: str, token: str) -> int:
        """Return how a request with that token ends."""
        answer = self.client.get(url, headers={"Authorization": f"Bearer {token}"})
        return int(answer.status_code)

    def test_the_projects_settings_and_tokens_are_its_own(self) -> None:
        """In plain text, for as long as it says; and no client of ours gets one."""
        token = self.theirs()
        kept = AccessToken.objects.get()
        assert kept.token == token
        client, secret = ApiClient.issue(name="ERP", mode=ONLY)
        assert self.token(THEIRS, client.client_id, secret).status_code == 401

    def test_a_token_of_theirs_opens_ours_only_for_a_client_of_ours(self) -> None:
        """With those of its scopes that are ours."""
        token = self.theirs()
        assert self.status(IMPORTS, token) == 401
        ApiClient.objects.create(application=self.partner, mode=ONLY)
        assert self.status(IMPORTS, token) == 200
        answer = self.client.post(
            IMPORTS,
            json.dumps({"data": {"type": "imports"}}),
            content_type="application/vnd.api+json",
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 403

    def test_a_token_of_ours_is_kept_as_a_checksum_and_opens_nothing_else(self) -> None:
        """Whatever OAUTH2_PROVIDER says; the partner's own secret gets one, too."""
        ApiClient.objects.create(application=self.partner, mode=ONLY)
        answer = self.token(OURS, self.partner.client_id, "in plain sight").json()
        token = answer["access_token"]
        assert answer["expires_in"] == 14_400
        assert OurToken.objects.get().checksum == hashlib.sha256(token.encode()).hexdigest()
        assert not AccessToken.objects.exists()
        assert self.status(IMPORTS, token) == 200
        assert self.status("/api/books/", token) == 401

    def test_a_client_of_ours_stands_beside_an_application_of_theirs(self) -> None:
        """It goes with its client; an application that was there before stays."""
        client, _ = ApiClient.issue(name="ERP", mode=ONLY)
        beside = ApiClient.objects.create(application=self.partner, mode=ONLY)
        assert Partner.objects.count() == 2
        client.delete()
        beside.delete()
        assert list(Partner.objects.all()) == [self.partner]
