"""Whatever is logged, at any level, has neither a secret nor a token in it."""

import base64
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from imports_app.oauth.models import ApiClient

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def everything_logged() -> Iterator[list[str]]:
    """Every record of every logger, as text, with all of them at level DEBUG and SQL with it."""
    lines: list[str] = []
    handler = Recorder(lines)
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    levels = [(logger, logger.level, logger.disabled) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.disabled = False
        logger.addHandler(handler)
    connection.force_debug_cursor = True
    yield lines
    connection.force_debug_cursor = False
    for logger, level, disabled in levels:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.disabled = disabled


class Recorder(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(f"{self.format(record)} {record.args!r}")


def test_a_token_request_logs_neither_secret_nor_token(
    client: Client, everything_logged: list[str]
) -> None:
    api_client, secret = ApiClient.issue(name="shop", mode="test")
    credentials = {
        "grant_type": "client_credentials",
        "client_id": api_client.client_id,
        "client_secret": secret,
    }

    token = client.post("/oauth/token", credentials, "application/json").json()["access_token"]
    answer = client.get("/api/application", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 200
    assert_logged(everything_logged, "oauthlib")
    assert_logged(everything_logged, api_client.client_id)
    assert_not_logged(everything_logged, secret, token, token.split(".")[2])


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/oauth/token", "application/json"),
        ("/oauth/token", "application/x-www-form-urlencoded"),
        ("/oauth/token", "text/plain"),
        ("/oauth/token?client_secret={}", "application/json"),
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        '{{"client_secret": "{}"',
        '{{"grant_type": "client_credentials", "client_secret": "{}", "client_id": "nobody"}}',
        "client_secret={}&x=%ZZ",
        "grant_type=client_credentials&scope=x&client_id=nobody&client_secret={}",
        "client_secret={0}&client_secret={0}",
    ],
)
def test_a_refused_request_logs_nothing_that_was_sent(
    client: Client, everything_logged: list[str], path: str, content_type: str, body: str
) -> None:
    secret = "5ecret" * 8

    answer = client.post(path.format(secret), body.format(secret), content_type)

    assert 400 <= answer.status_code < 500
    assert secret.encode() not in answer.content
    assert_logged(everything_logged, "/oauth/token")
    assert_not_logged(everything_logged, secret)


def test_refused_credentials_in_a_header_are_not_logged(
    client: Client, everything_logged: list[str]
) -> None:
    pair = base64.b64encode(b"nobody:" + b"5ecret" * 8).decode()
    for authorization in (f"Basic {pair}", f"Basic x{pair}", f"Bearer {pair}", pair):
        headers = {"Authorization": authorization}
        client.post("/oauth/token", {"grant_type": "client_credentials"}, headers=headers)
        assert client.get("/api/application", headers=headers).status_code == 401

    assert_logged(everything_logged, "/api/application")
    assert_not_logged(everything_logged, pair, "5ecret" * 8)


def test_a_new_client_logs_no_secret(everything_logged: list[str]) -> None:
    output = StringIO()

    call_command("create_client", "shop", mode="test", json=True, stdout=output)
    renewed = ApiClient.objects.get().renew_secret()

    secret = output.getvalue().split('"client_secret": "')[1].split('"')[0]
    assert_logged(everything_logged, "INSERT")
    assert_not_logged(everything_logged, secret, renewed)


def assert_logged(lines: Any, text: str) -> None:
    assert any(text in line for line in lines)


def assert_not_logged(lines: list[str], *secrets: str) -> None:
    for secret in secrets:
        assert len(secret) >= 40
        assert not [line for line in lines if secret in line]
