from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from imports_app.models import Mode
from imports_app.oauth.models import ApiClient
from tests.factories.clients import ApiClientFactory, access_token, bearer

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def api_client() -> ApiClient:
    return ApiClientFactory.create()


def ask(client: Client, authorization: str | None) -> Any:
    headers = {} if authorization is None else {"Authorization": authorization}
    return client.get("/api/application", headers=headers)


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer ", "Bearer a b", "Basic YTpi", "Token a", "a"]
)
def test_a_request_without_a_usable_header_is_asked_for_a_token(
    client: Client, authorization: str | None
) -> None:
    answer = ask(client, authorization)

    assert_refused(answer, "UNAUTHORIZED")
    assert answer["WWW-Authenticate"] == 'Bearer realm="imports"'


@pytest.mark.parametrize("token", ["x", "a.b.c", "é", "\x00", "x" * 7_000, "%ZZ", "' OR 1=1"])
@pytest.mark.backend
def test_an_unknown_token_is_invalid(client: Client, token: str) -> None:
    answer = ask(client, f"Bearer {token.replace(' ', '+')}")

    assert_refused(answer, "INVALID_TOKEN")
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]


def test_a_valid_token_is_accepted_whatever_the_case_of_the_scheme(
    client: Client, api_client: ApiClient
) -> None:
    _, raw = access_token(api_client)

    for scheme in ("Bearer", "bearer", "BEARER "):
        assert ask(client, f"{scheme} {raw}").status_code == 200


@pytest.mark.backend
def test_a_token_from_the_endpoint_is_accepted(client: Client) -> None:
    api_client, secret = ApiClient.issue(name="shop", mode="live")
    credentials = {
        "grant_type": "client_credentials",
        "client_id": api_client.client_id,
        "client_secret": secret,
    }
    issued = client.post("/oauth/token", credentials, "application/json").json()

    answer = ask(client, f"Bearer {issued['access_token']}")

    assert answer.status_code == 200
    assert answer.json()["data"]["meta"] == {"mode": "live"}


def test_the_checksum_does_not_pass_for_the_token(client: Client, api_client: ApiClient) -> None:
    token, _ = access_token(api_client)

    assert_refused(ask(client, f"Bearer {token.checksum}"), "INVALID_TOKEN")


@pytest.mark.backend
def test_an_expired_token_is_invalid(client: Client, api_client: ApiClient) -> None:
    _, raw = access_token(api_client, expires_in=-1)

    answer = ask(client, f"Bearer {raw}")

    assert_refused(answer, "INVALID_TOKEN")
    assert answer.json()["errors"][0]["detail"] == "The access token has expired."


@pytest.mark.backend
def test_a_revoked_token_is_invalid(client: Client, api_client: ApiClient) -> None:
    token, raw = access_token(api_client)
    assert ask(client, f"Bearer {raw}").status_code == 200

    token.delete()

    assert_refused(ask(client, f"Bearer {raw}"), "INVALID_TOKEN")


@pytest.mark.backend
def test_the_token_of_a_deleted_client_is_invalid(client: Client, api_client: ApiClient) -> None:
    headers = bearer(api_client)

    api_client.delete()

    assert_refused(client.get("/api/application", headers=headers), "INVALID_TOKEN")


@pytest.mark.backend
def test_the_mode_is_what_the_client_has_now_and_not_what_the_token_says(
    client: Client, api_client: ApiClient
) -> None:
    headers = bearer(api_client)

    ApiClient.objects.filter(pk=api_client.pk).update(mode=Mode.LIVE)

    answer = client.get("/api/application", headers=headers)
    assert answer.json()["data"]["meta"] == {"mode": "live"}


@pytest.mark.backend
def test_a_token_is_valid_until_its_last_moment(client: Client, api_client: ApiClient) -> None:
    token, raw = access_token(api_client)
    token.expires_at = timezone.now() + timedelta(seconds=60)
    token.save()

    assert ask(client, f"Bearer {raw}").status_code == 200


def test_a_token_in_the_url_is_not_looked_at(client: Client, api_client: ApiClient) -> None:
    _, raw = access_token(api_client)

    assert_refused(client.get(f"/api/application?access_token={raw}"), "UNAUTHORIZED")


@pytest.mark.backend
def test_a_request_is_authenticated_in_one_query(
    client: Client, api_client: ApiClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    headers = bearer(api_client)

    with django_assert_num_queries(1):
        client.get("/api/application", headers=headers)


@pytest.mark.django_db(transaction=True)
@pytest.mark.backend
def test_a_token_is_not_called_invalid_when_the_database_is_down(
    client: Client, database_away: None
) -> None:
    answer = ask(client, "Bearer abc")

    assert answer.status_code == 503
    assert answer.json()["errors"][0]["code"] == "SERVICE_UNAVAILABLE"
    assert int(answer["Retry-After"]) > 0


def assert_refused(answer: Any, code: str) -> None:
    assert answer.status_code == 401
    (error,) = answer.json()["errors"]
    assert (error["code"], error["status"]) == (code, "401")
    assert error["title"]
    assert error["detail"]
