import base64
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS, InvalidJWSSignature
from oauth2_provider.models import get_application_model
from pytest_django import Settings

from imports_app.oauth import tokens
from imports_app.oauth.models import ApiClient

NOW = 1_700_000_000


def request_for(client: ApiClient, scopes: str = "imports:read imports:write") -> Any:
    """What the token generator looks at of oauthlib's request."""
    return SimpleNamespace(
        client=client,
        scopes=scopes.split(),
        expires_in=14_400,
        extra_credentials={"created_at": NOW},
    )


def client_of(client_id: str, mode: str) -> ApiClient:
    """A client that is in no database."""
    return ApiClient(application=get_application_model()(client_id=client_id), mode=mode)


def plainly_decoded(token: str) -> Any:
    """Decodes the payload as clients do: plain base64, not the URL-safe one."""
    payload = token.split(".")[1]
    assert not set(payload) & set("-_")
    return json.loads(base64.b64decode(payload + "=" * (-len(payload) % 4), validate=True))


def test_the_claims_are_those_that_clients_read(settings: Settings) -> None:
    settings.IMPORTS_AUTH_DOMAIN = "imports.example.com"
    settings.IMPORTS_ORGANIZATION_ID = "xYZkjABcde"
    settings.IMPORTS_ORGANIZATION_SLUG = "the-brand"
    client = client_of("abc", "test")

    claims = plainly_decoded(tokens.signed_token(request_for(client)))

    assert len(claims.pop("jti")) == 32
    assert claims == {
        "organization": {"id": "xYZkjABcde", "slug": "the-brand"},
        "application": {"id": "abc", "kind": "integration", "public": False},
        "test": True,
        "scope": "imports:read imports:write",
        "iat": NOW,
        "exp": NOW + 14_400,
        "iss": "https://auth.imports.example.com",
    }


def test_a_live_client_has_no_test_token() -> None:
    client = client_of("abc", "live")

    assert plainly_decoded(tokens.signed_token(request_for(client)))["test"] is False


@given(text=st.text(), slug=st.text(), client_id=st.text(), domain=st.text(), scopes=st.text())
def test_any_text_survives_plain_base64(
    text: str, slug: str, client_id: str, domain: str, scopes: str
) -> None:
    client = client_of(client_id, "live")
    with override_settings(
        IMPORTS_ORGANIZATION_ID=text, IMPORTS_ORGANIZATION_SLUG=slug, IMPORTS_AUTH_DOMAIN=domain
    ):
        claims = plainly_decoded(tokens.signed_token(request_for(client, scopes)))

    assert claims["organization"] == {"id": text, "slug": slug}
    assert claims["application"]["id"] == client_id
    assert claims["iss"] == f"https://auth.{domain}"
    assert claims["scope"].split() == scopes.split()


@given(st.text(alphabet=">?~\x7f", min_size=1))
def test_characters_that_would_break_plain_base64_are_escaped(text: str) -> None:
    payload = tokens.payload({"name": text})

    assert not set(base64.b64encode(payload.encode()).decode()) & set("+/")
    assert json.loads(payload) == {"name": text}


def test_no_two_tokens_are_alike() -> None:
    client = client_of("abc", "test")

    issued = {tokens.signed_token(request_for(client)) for _ in range(100)}

    assert len({plainly_decoded(token)["jti"] for token in issued}) == 100


def test_the_signature_depends_on_the_secret_key(settings: Settings) -> None:
    token = tokens.signed_token(request_for(client_of("abc", "test")))
    verify(token, tokens.signing_key())

    settings.SECRET_KEY = "another" * 10
    with pytest.raises(InvalidJWSSignature):
        verify(token, tokens.signing_key())


def test_the_header_names_the_algorithm() -> None:
    token = tokens.signed_token(request_for(client_of("abc", "test")))
    header = token.split(".")[0]

    assert json.loads(base64.urlsafe_b64decode(header + "==")) == {"alg": "HS256", "typ": "JWT"}


def verify(token: str, key: JWK) -> None:
    jws = JWS()
    jws.deserialize(token, key)
