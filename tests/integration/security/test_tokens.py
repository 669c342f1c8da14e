"""Tokens that were never given out, and other ways to be somebody else."""

import base64
import hashlib
import json
import time
from typing import Any

import pytest
from django.test import Client
from jwcrypto.jwk import JWK
from jwcrypto.jwt import JWT

from imports_app.models import Import
from imports_app.oauth.models import AccessToken, ApiClient
from imports_app.oauth.tokens import signing_key
from tests.integration.api.caller import Caller, import_document

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def issued() -> tuple[ApiClient, str]:
    """A client and a token that the endpoint gave it."""
    client, secret = ApiClient.issue(name="shop", mode="test")
    body = {
        "grant_type": "client_credentials",
        "client_id": client.client_id,
        "client_secret": secret,
    }
    return client, Client().post("/oauth/token", body, "application/json").json()["access_token"]


def presented(token: str) -> Any:
    return Client().get("/api/application", headers={"Authorization": f"Bearer {token}"})


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def claims_of(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def assert_invalid(token: str) -> None:
    answer = presented(token)
    assert answer.status_code == 401, token
    assert answer.json()["errors"][0]["code"] in ("INVALID_TOKEN", "UNAUTHORIZED")


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS256", "RS256", ""])
def test_a_token_without_a_signature_is_refused(
    issued: tuple[ApiClient, str], algorithm: str
) -> None:
    claims = claims_of(issued[1])
    for signature in ("", "AA"):
        assert_invalid(f"{part({'alg': algorithm})}.{part(claims)}.{signature}")


@pytest.mark.backend
def test_a_changed_claim_makes_another_token(issued: tuple[ApiClient, str]) -> None:
    header, _, signature = issued[1].split(".")
    claims = claims_of(issued[1])
    for change in ({"test": False}, {"scope": "imports:cleanup"}, {"exp": 2**40}):
        assert_invalid(f"{header}.{part({**claims, **change})}.{signature}")


@pytest.mark.parametrize("key", ["", "imports_oauth.ApiClient", "secret"])
def test_a_token_signed_with_another_key_is_refused(
    issued: tuple[ApiClient, str], key: str
) -> None:
    padded = base64.urlsafe_b64encode(key.encode().ljust(32, b"\0")).decode().rstrip("=")
    token = JWT(header={"alg": "HS256"}, claims=claims_of(issued[1]))
    token.make_signed_token(JWK(kty="oct", k=padded))
    assert_invalid(token.serialize())


def test_even_the_right_key_makes_no_token_that_was_not_given_out(
    issued: tuple[ApiClient, str],
) -> None:
    claims = {**claims_of(issued[1]), "test": False, "exp": int(time.time()) + 60, "jti": "x"}
    token = JWT(header={"alg": "HS256", "typ": "JWT"}, claims=claims)
    token.make_signed_token(signing_key())
    assert_invalid(token.serialize())


def test_the_stored_hash_is_not_a_token(issued: tuple[ApiClient, str]) -> None:
    kept = AccessToken.objects.get()
    for value in (kept.checksum, str(kept.pk)):
        assert_invalid(value or "-")
    assert kept.checksum == hashlib.sha256(issued[1].encode()).hexdigest()


@pytest.mark.parametrize("change", [" ", "=", ".", "\t", "\xa0", ","])
@pytest.mark.backend
def test_a_token_with_more_to_it_is_another(issued: tuple[ApiClient, str], change: str) -> None:
    assert presented(issued[1]).status_code == 200
    assert_invalid(f"{issued[1]}{change}x")
    assert_invalid(f"x{change}{issued[1]}")


@pytest.mark.parametrize(
    "header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"]
)
def test_no_header_overrides_the_method(header: str) -> None:
    reader = Caller(ApiClient.issue(name="a", mode="test", scopes="imports:read")[0])
    writer = Caller(ApiClient.issue(name="b", mode="test")[0])
    pk = writer.post("/api/imports", import_document()).data["id"]

    assert reader.get(f"/api/imports/{pk}", **{header: "DELETE"}).status == 200
    assert writer.get(f"/api/imports/{pk}", **{header: "DELETE"}).status == 200
    assert writer.get(f"/api/imports/{pk}?_method=DELETE").status == 400
    assert reader.post("/api/imports", import_document(), **{header: "GET"}).status == 403
    assert Import.objects.filter(pk=pk).exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-User": "root"},
        {"Cookie": "sessionid=x; access_token=y"},
        {"X-Original-URL": "/healthz"},
        {"X-Rewrite-URL": "/healthz"},
    ],
)
def test_no_other_header_lets_anybody_in(headers: dict[str, str]) -> None:
    assert Client().get("/api/imports", headers=headers).status_code == 401


def test_a_session_of_staff_is_no_token(admin_client: Client) -> None:
    assert admin_client.get("/api/imports").status_code == 401
    body = json.dumps(import_document())
    answer = admin_client.post("/api/imports", body, "application/vnd.api+json")
    assert answer.status_code == 401
