"""`POST /oauth/revoke` (RFC 7009)."""

import base64
import json
import uuid
from typing import Any

import pytest
from django.test import Client
from oauth2_provider.models import AccessToken
from pytest_django import Settings

from imports_app.oauth.models import ApiClient
from tests.factories.clients import access_token
from tests.integration.api.test_secrets_in_logs import (
    assert_logged,
    assert_not_logged,
    everything_logged,
)
from tests.integration.oauth.test_token import assert_refused

__all__ = ["everything_logged"]

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def issued() -> tuple[ApiClient, str]:
    return ApiClient.issue(name="shop", mode="test")


@pytest.fixture
def credentials(issued: tuple[ApiClient, str]) -> dict[str, str]:
    client, secret = issued
    return {"client_id": client.client_id, "client_secret": secret}


@pytest.fixture
def token(issued: tuple[ApiClient, str]) -> str:
    return access_token(issued[0])[1]


def revoke(body: Any, content_type: str = "application/json", **headers: str) -> Any:
    return Client().post("/oauth/revoke", body, content_type, headers=headers)


def works(token: str) -> bool:
    answer = Client().get("/api/application", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200 or answer.json()["errors"][0]["code"] == "INVALID_TOKEN"
    return answer.status_code == 200


def assert_success(answer: Any) -> None:
    assert (answer.status_code, answer.json()) == (200, {})
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.backend
def test_a_revoked_token_is_worth_nothing(credentials: dict[str, str], token: str) -> None:
    assert works(token)
    assert_success(revoke({**credentials, "token": token}))
    assert not works(token)
    assert not AccessToken.objects.exists()


def test_other_tokens_of_the_client_stay(
    issued: tuple[ApiClient, str], credentials: dict[str, str], token: str
) -> None:
    other = access_token(issued[0])[1]
    assert_success(revoke({**credentials, "token": token}))
    assert works(other)


def test_a_form_and_basic_authentication_do_too(credentials: dict[str, str], token: str) -> None:
    pair = base64.b64encode(":".join(credentials.values()).encode()).decode()
    assert_success(revoke(f"token={token}", FORM, Authorization=f"Basic {pair}"))
    assert not works(token)


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "nonsense", "", None, 1])
def test_a_hint_changes_nothing(
    credentials: dict[str, str], token: str, hint: str | int | None
) -> None:
    assert_success(revoke({**credentials, "token": token, "token_type_hint": hint}))
    assert not works(token)


@pytest.mark.parametrize("unknown", ["nonsense", "a.b.c", "x" * 5_000, "' OR 1=1", "%00"])
@pytest.mark.backend
def test_a_token_that_nobody_knows_is_a_success(
    credentials: dict[str, str], token: str, unknown: str
) -> None:
    assert_success(revoke({**credentials, "token": unknown}))
    assert works(token)


@pytest.mark.backend
def test_a_token_can_be_revoked_twice(credentials: dict[str, str], token: str) -> None:
    for _ in range(2):
        assert_success(revoke({**credentials, "token": token}))


def test_a_token_of_another_client_is_left_alone_in_silence(token: str) -> None:
    thief, secret = ApiClient.issue(name="thief", mode="test")
    stolen = {"client_id": thief.client_id, "client_secret": secret, "token": token}
    assert_success(revoke(stolen))
    assert works(token)


@pytest.mark.parametrize("change", [{"client_secret": "x" * 43}, {"client_id": "nobody"}])
def test_only_a_client_with_its_secret_revokes_tokens(
    credentials: dict[str, str], token: str, change: dict[str, str]
) -> None:
    answer = revoke({**credentials, **change, "token": token})
    assert_refused(answer, 401, "invalid_client", "UNAUTHORIZED")
    assert works(token)


def test_a_token_does_not_revoke_itself(token: str) -> None:
    answer = revoke({"token": token}, Authorization=f"Bearer {token}")
    assert_refused(answer, 401, "invalid_client", "UNAUTHORIZED")
    assert works(token)


@pytest.mark.parametrize("body", [{}, {"token": ""}, {"token": None}, {"token": ["a"]}])
def test_without_a_token_there_is_nothing_to_revoke(
    credentials: dict[str, str], body: dict[str, Any]
) -> None:
    answer = revoke({**credentials, **body})
    assert_refused(answer, 400, "invalid_request", "MALFORMED_REQUEST")


def test_a_token_in_the_url_is_refused(credentials: dict[str, str], token: str) -> None:
    answer = Client().post(f"/oauth/revoke?token={token}", credentials, "application/json")
    assert_refused(answer, 400, "invalid_request", "MALFORMED_REQUEST")
    assert works(token)


def test_other_methods_are_not_allowed() -> None:
    assert_refused(Client().get("/oauth/revoke"), 405, "invalid_request", "METHOD_NOT_ALLOWED")


@pytest.mark.backend
def test_guesses_at_a_secret_are_counted_here_too(
    credentials: dict[str, str], token: str, settings: Settings
) -> None:
    settings.IMPORTS_SIGN_IN_FAILURES = 3
    settings.IMPORTS_SIGN_IN_FAILURE_SECONDS = 3_600
    settings.IMPORTS_RATE_REDIS_PREFIX = uuid.uuid4().hex
    wrong = {**credentials, "client_secret": "x" * 43, "token": token}
    assert [revoke(wrong).status_code for _ in range(4)] == [401, 401, 401, 429]
    right = {**credentials, "grant_type": "client_credentials"}
    answer = Client().post("/oauth/token", json.dumps(right), "application/json")
    assert answer.status_code == 429


def test_neither_secret_nor_token_is_logged(
    credentials: dict[str, str], token: str, everything_logged: list[str]
) -> None:
    revoke({**credentials, "token": token})
    revoke({**credentials, "token": token, "client_id": "nobody"})

    assert_logged(everything_logged, "/oauth/revoke")
    assert_not_logged(everything_logged, credentials["client_secret"], token)
