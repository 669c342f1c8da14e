import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oauth2_provider.models import get_access_token_model, get_application_model, get_grant_model

from imports_app.models import Import
from imports_app.oauth.models import AccessToken, ApiClient
from imports_app.oauth.secrets import hashed
from tests.factories.clients import ApiClientFactory, access_token, bearer
from tests.factories.imports import ImportFactory
from tests.integration.admin.conftest import StaffWith

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = reverse("admin:imports_oauth_apiclient_changelist")
ADD = reverse("admin:imports_oauth_apiclient_add")
FORM = {"name": "shop", "mode": "live", "scopes": ["imports:read", "imports:cleanup"]}


def url(page: str, api_client: ApiClient) -> str:
    return reverse(f"admin:imports_oauth_apiclient_{page}", args=[api_client.pk])


def secret_on(page: str) -> str:
    found = re.findall(r"<code>(\w+)</code>", page)
    assert len(found) == 2, "the client's id, then its secret"
    return str(found[1])


def works(api_client: ApiClient, secret: str) -> bool:
    body = {
        "grant_type": "client_credentials",
        "client_id": api_client.client_id,
        "client_secret": secret,
    }
    answer = Client().post("/oauth/token", body, content_type="application/json")
    return answer.status_code == 200


def test_a_new_client_is_shown_its_secret_once(admin_client: Client) -> None:
    answer = admin_client.post(ADD, FORM)

    api_client = ApiClient.objects.get()
    secret = secret_on(answer.content.decode())
    assert works(api_client, secret)
    assert "no-store" in answer["Cache-Control"]
    later = [admin_client.get(a) for a in (LIST, url("change", api_client), reverse("admin:index"))]
    assert not any(secret in page.content.decode() for page in later)
    assert secret not in str(admin_client.cookies)


@pytest.mark.backend
def test_only_the_hash_of_a_secret_is_kept(admin_client: Client) -> None:
    secret = secret_on(admin_client.post(ADD, FORM).content.decode())

    api_client = ApiClient.objects.get()
    assert api_client.secret_hash == hashed(secret)
    assert secret not in str(LogEntry.objects.values())


@pytest.mark.backend
def test_a_new_client_is_what_the_form_says(admin_client: Client) -> None:
    admin_client.post(ADD, FORM)

    api_client = ApiClient.objects.get()
    assert (api_client.name, api_client.mode) == ("shop", "live")
    assert api_client.scopes == "imports:read imports:cleanup"
    assert api_client.application.authorization_grant_type == "client-credentials"


@pytest.mark.parametrize(
    "mistake",
    [{"scopes": []}, {"scopes": ["admin"]}, {"mode": "both"}, {"name": ""}, {"name": "a\tb"}],
)
def test_a_mistake_in_the_form_makes_no_client(
    admin_client: Client, mistake: dict[str, Any]
) -> None:
    answer = admin_client.post(ADD, FORM | mistake)

    assert answer.status_code == 200
    assert answer.context["errors"]
    assert not ApiClient.objects.exists()


def test_changing_a_client_leaves_its_mode_and_its_secret(admin_client: Client) -> None:
    api_client, secret = ApiClient.issue(name="shop", mode="test")
    changes = {"name": "store", "mode": "live", "scopes": ["imports:read"], "client_id": "mine"}

    admin_client.post(url("change", api_client), changes)

    changed = ApiClient.objects.get()
    assert (changed.name, changed.mode, changed.scopes) == ("store", "test", "imports:read")
    assert changed.client_id == api_client.client_id
    assert works(changed, secret)


def test_neither_secret_nor_hash_is_on_a_page(admin_client: Client) -> None:
    api_client, secret = ApiClient.issue(name="shop", mode="test")
    api_client.refresh_from_db()

    for page in ("change", "delete", "history"):
        text = admin_client.get(url(page, api_client)).content.decode()
        assert "shop" in text
        assert secret not in text
        assert api_client.secret_hash not in text


def test_renewing_a_secret_asks_first(admin_client: Client) -> None:
    api_client, secret = ApiClient.issue(name="shop", mode="test")

    page = admin_client.get(url("renew_secret", api_client)).content.decode()

    assert "Give shop another secret?" in page
    assert works(api_client, secret)


@pytest.mark.backend
def test_a_renewed_secret_takes_the_place_of_the_old_one(admin_client: Client) -> None:
    api_client, old = ApiClient.issue(name="shop", mode="test")

    answer = admin_client.post(url("renew_secret", api_client))

    new = secret_on(answer.content.decode())
    assert works(api_client, new)
    assert not works(api_client, old)
    assert new not in str(LogEntry.objects.values())
    assert LogEntry.objects.get().get_change_message() == "Renewed the secret."


@pytest.mark.backend
def test_deleting_a_client_ends_its_tokens_and_leaves_its_imports(admin_client: Client) -> None:
    api_client = ApiClientFactory.create()
    access_token(api_client)
    import_ = ImportFactory.create(client=api_client)

    admin_client.post(url("delete", api_client), {"post": "yes"})

    assert not ApiClient.objects.exists()
    assert not AccessToken.objects.exists()
    assert not get_application_model().objects.exists()
    assert Import.objects.get(pk=import_.pk).caller == api_client.client_id


def test_staff_who_may_only_look_do_nothing_else(staff_with: StaffWith) -> None:
    api_client, secret = ApiClient.issue(name="shop", mode="test")
    client = staff_with("view_apiclient")

    page = client.get(url("change", api_client)).content.decode()

    assert "shop" in page
    assert url("renew_secret", api_client) not in page
    assert client.post(url("renew_secret", api_client)).status_code == 403
    assert client.post(ADD, FORM).status_code == 403
    assert works(api_client, secret)


def test_staff_without_permission_see_no_client(staff_with: StaffWith) -> None:
    assert staff_with().get(LIST).status_code == 403


def test_the_toolkit_has_no_pages_of_its_own() -> None:
    assert not site.is_registered(get_application_model())
    assert not site.is_registered(get_access_token_model())
    assert not site.is_registered(get_grant_model())


def test_revoking_asks_first(admin_client: Client) -> None:
    api_client, secret = ApiClient.issue(name="shop", mode="test")

    page = admin_client.get(url("revoke", api_client)).content.decode()

    assert "Revoke shop?" in page
    assert works(api_client, secret)


@pytest.mark.backend
def test_a_revoked_client_is_out_at_once_until_it_has_a_new_secret(admin_client: Client) -> None:
    api_client, secret = ApiClient.issue(name="shop", mode="test")
    headers = bearer(api_client)
    assert Client().get("/api/application", headers=headers).status_code == 200

    page = admin_client.post(url("revoke", api_client), follow=True).content.decode()

    assert "Revoked: its tokens no longer work" in page
    assert "Revoked" in admin_client.get(LIST).content.decode()
    assert Client().get("/api/application", headers=headers).status_code == 401
    assert not works(api_client, secret)
    new = secret_on(admin_client.post(url("renew_secret", api_client)).content.decode())
    assert works(api_client, new)
    assert Client().get("/api/application", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (None, "never"),
        (timedelta(), "within a minute"),
        (timedelta(hours=3, minutes=5), "3 h ago"),
    ],
)
def test_the_pages_say_when_a_client_was_last_used(
    admin_client: Client, ago: timedelta | None, words: str
) -> None:
    last_used_at = timezone.now() - ago if ago is not None else None
    api_client = ApiClientFactory.create(last_used_at=last_used_at)

    for address in (LIST, url("change", api_client)):
        assert words in admin_client.get(address).content.decode()


def test_staff_who_may_only_look_revoke_nothing(staff_with: StaffWith) -> None:
    api_client, secret = ApiClient.issue(name="shop", mode="test")
    client = staff_with("view_apiclient")

    assert url("revoke", api_client) not in client.get(url("change", api_client)).content.decode()
    assert client.post(url("revoke", api_client)).status_code == 403
    assert works(api_client, secret)
