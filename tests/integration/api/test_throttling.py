"""Requests a client, and wrong secrets a client_id and an address."""

import ipaddress
import random
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from imports_app.api.imports.views import ImportViewSet
from imports_app.oauth.models import ApiClient
from tests.factories.clients import ApiClientFactory
from tests.integration.api.caller import Answer, Caller, import_document

pytestmark = pytest.mark.django_db

PATH = "/api/imports"
HEADERS = ("x-ratelimit-limit", "x-ratelimit-interval", "x-ratelimit-remaining")


@pytest.fixture(autouse=True)
def limits(settings: Settings) -> None:
    """Small ones, in windows that no test sees the end of."""
    settings.IMPORTS_RATE_REDIS_PREFIX = uuid.uuid4().hex
    settings.IMPORTS_RATE_LIMIT = 3
    settings.IMPORTS_RATE_SECONDS = 3_600
    settings.IMPORTS_SIGN_IN_FAILURES = 3
    settings.IMPORTS_SIGN_IN_FAILURE_SECONDS = 3_600


def rate(answer: Any) -> list[str | None]:
    return [answer.headers.get(name) for name in HEADERS]


def assert_throttled(answer: Answer) -> None:
    assert answer.status == 429
    assert answer.error["code"] == "TOO_MANY_REQUESTS"
    assert 1 <= int(answer.headers["Retry-After"]) <= 3_600


def test_every_answer_says_what_is_left(caller: Caller) -> None:
    assert rate(caller.get(PATH)) == ["3", "3600", "2"]
    assert rate(caller.post(PATH, import_document())) == ["3", "3600", "1"]
    assert rate(caller.get("/api/application")) == ["3", "3600", "0"]


def test_one_request_too_many_is_a_429(caller: Caller) -> None:
    for _ in range(3):
        assert caller.get(PATH).status == 200
    for path in (PATH, "/api/application", "/api/skus"):
        answer = caller.get(path)
        assert_throttled(answer)
        assert rate(answer) == ["3", "3600", "0"]


def test_refused_requests_count_and_say_so(caller: Caller) -> None:
    refusals = [
        caller.post(PATH, b"{"),
        caller.get(f"{PATH}/7"),
        caller.request("PUT", PATH),
    ]
    assert [answer.status for answer in refusals] == [400, 404, 405]
    assert [rate(answer)[2] for answer in refusals] == ["2", "1", "0"]
    assert_throttled(caller.get(PATH))


def test_a_missing_scope_counts_too() -> None:
    caller = Caller(ApiClientFactory.create(), scopes="imports:read")
    answer = caller.post(PATH, import_document())
    assert answer.status == 403
    assert rate(answer)[2] == "2"


def test_a_crash_says_what_is_left(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(view: ImportViewSet) -> None:
        raise RuntimeError

    monkeypatch.setattr(ImportViewSet, "get_queryset", crash)
    answer = caller.get(PATH)
    assert answer.status == 500
    assert rate(answer)[2] == "2"


def test_clients_are_counted_apart_and_their_tokens_together(caller: Caller) -> None:
    again, other = Caller(caller.client), Caller(ApiClientFactory.create())
    for who in (caller, again, again):
        assert who.get(PATH).status == 200
    assert_throttled(caller.get(PATH))
    assert other.get(PATH).status == 200


def test_a_request_without_a_client_gets_no_rate_headers() -> None:
    response = Client().get(PATH)
    assert response.status_code == 401
    assert rate(response) == [None, None, None]


def test_counting_asks_the_database_nothing(
    caller: Caller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):  # the token
        caller.get("/api/application")
    for _ in range(2):
        caller.get(PATH)
    with django_assert_num_queries(1):
        assert_throttled(caller.get(PATH))


def test_requests_pass_while_redis_is_away(caller: Caller, settings: Settings) -> None:
    settings.IMPORTS_RATE_REDIS_URL = f"redis://127.0.0.1:1/{random.randrange(10**6)}"
    for left in ("2", "1", "0"):
        answer = caller.get(PATH)
        assert answer.status == 200
        assert rate(answer)[2] == left


# --- The token endpoint


@pytest.fixture
def issued() -> dict[str, str]:
    client, secret = ApiClient.issue(name="shop", mode="test")
    return {
        "grant_type": "client_credentials",
        "client_id": client.client_id,
        "client_secret": secret,
    }


@pytest.fixture
def addresses() -> Iterator[str]:
    """Different ones, and others in each test."""
    return (str(ipaddress.IPv4Address(random.getrandbits(32))) for _ in range(10_000))


def ask(parameters: dict[str, str], address: str, **headers: str) -> Any:
    return Client().post(
        "/oauth/token", parameters, "application/json", REMOTE_ADDR=address, headers=headers
    )


def assert_locked_out(response: Any) -> None:
    assert response.status_code == 429
    assert response["Content-Type"] == "application/json"
    assert 1 <= int(response["Retry-After"]) <= 3_600
    document = response.json()
    assert document["error"] == "temporarily_unavailable"
    assert document["error_description"]
    assert document["errors"][0]["code"] == "TOO_MANY_REQUESTS"


def test_a_client_whose_secret_is_guessed_at_elsewhere_is_not_locked_out(
    issued: dict[str, str], addresses: Iterator[str]
) -> None:
    for _ in range(25):
        assert ask(issued | {"client_secret": "wrong"}, next(addresses)).status_code == 401
    for _ in range(3):
        assert ask(issued, next(addresses)).status_code == 200


def test_a_client_id_whose_secret_was_wrong_too_often_is_not_tried_any_more_from_there(
    issued: dict[str, str],
    addresses: Iterator[str],
    settings: Settings,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    settings.IMPORTS_SIGN_IN_FAILURES = 100
    settings.IMPORTS_SIGN_IN_NAME_FAILURES = 3
    address = next(addresses)
    for _ in range(3):
        assert ask(issued | {"client_secret": "wrong"}, address).status_code == 401
    with django_assert_num_queries(0):
        assert_locked_out(ask(issued, address))
    other = issued | {"client_id": "nobody"}
    assert ask(other, address).status_code == 401


def test_an_address_that_was_wrong_too_often_is_not_listened_to_any_more(
    issued: dict[str, str], addresses: Iterator[str]
) -> None:
    address = next(addresses)
    for number in range(3):
        guess = issued | {"client_id": f"{uuid.uuid4()}{number}"}
        assert ask(guess, address).status_code == 401
    assert_locked_out(ask(issued, address))
    assert ask(issued, next(addresses)).status_code == 200


def test_an_ipv6_network_is_one_address(issued: dict[str, str]) -> None:
    network = ipaddress.IPv6Address(random.getrandbits(64) << 64)
    for number in range(3):
        assert (
            ask({**issued, "client_id": f"{uuid.uuid4()}"}, str(network + number + 7)).status_code
            == 401
        )
    assert_locked_out(ask(issued, str(network + 2**63)))
    assert ask(issued, str(network + 2**64)).status_code == 200


def test_right_secrets_are_not_counted(issued: dict[str, str], addresses: Iterator[str]) -> None:
    address = next(addresses)
    for _ in range(10):
        assert ask(issued, address).status_code == 200


def test_other_refusals_are_not_counted(issued: dict[str, str], addresses: Iterator[str]) -> None:
    address = next(addresses)
    for _ in range(10):
        assert ask(issued | {"scope": "admin"}, address).status_code == 400
    assert ask(issued, address).status_code == 200


def test_forwarded_addresses_are_believed_only_from_proxies_that_are_known(
    issued: dict[str, str], addresses: Iterator[str], settings: Settings
) -> None:
    proxy, client, other = next(addresses), next(addresses), next(addresses)
    guess = {**issued, "client_id": "nobody"}
    settings.IMPORTS_SIGN_IN_FAILURES = 4
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    for number in range(4):
        forwarded = f"10.0.0.{number}, {client}"  # the first was made up by the client
        response = ask({**guess, "client_id": str(uuid.uuid4())}, proxy, X_Forwarded_For=forwarded)
        assert response.status_code == 401
    assert_locked_out(ask(issued, proxy, X_Forwarded_For=f"10.0.0.9, {client}"))
    assert ask(issued, proxy, X_Forwarded_For=other).status_code == 200
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 0}
    assert ask(issued, proxy, X_Forwarded_For=client).status_code == 200
    assert_locked_out(ask(issued, client, X_Forwarded_For=other))


@pytest.mark.parametrize("address", ["", "unix:", "nonsense", "fe80::1%eth0", "::ffff:10.1.2.3"])
def test_no_address_breaks_it(issued: dict[str, str], address: str) -> None:
    assert ask(issued, address).status_code == 200
