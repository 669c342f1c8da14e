import base64
import hashlib
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from imports_app.oauth.models import AccessToken, ApiClient

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ALL_SCOPES = "imports:read imports:write imports:cleanup"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def issued() -> tuple[ApiClient, str]:
    return ApiClient.issue(name="shop", mode="test")


@pytest.fixture
def credentials(issued: tuple[ApiClient, str]) -> dict[str, str]:
    client, secret = issued
    return {
        "grant_type": "client_credentials",
        "client_id": client.client_id,
        "client_secret": secret,
    }


def post(client: Client, body: Any, content_type: str = "application/json", **extra: Any) -> Any:
    return client.post("/oauth/token", body, content_type, **extra)


@pytest.mark.backend
def test_json_and_form_get_exactly_the_members_of_the_contract(
    client: Client, credentials: dict[str, str]
) -> None:
    form = "&".join(f"{name}={value}" for name, value in credentials.items())
    for answer in (post(client, credentials), post(client, form, FORM)):
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/json"
        assert answer["Cache-Control"] == "no-store"
        body = answer.json()
        assert abs(body.pop("created_at") - time.time()) < 60
        assert body.pop("access_token").count(".") == 2
        assert body == {
            "token_type": "bearer",
            "expires_in": 14_400,
            "scope": "imports:read imports:write",
        }


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/token/"])
def test_the_path_with_a_slash_answers_too(
    client: Client, credentials: dict[str, str], path: str
) -> None:
    assert client.post(path, credentials, "application/json").status_code == 200


def test_whatever_is_accepted_the_answer_is_json(
    client: Client, credentials: dict[str, str]
) -> None:
    for accept in ("text/html", "application/vnd.api+json", "nonsense"):
        answer = post(client, credentials, headers={"Accept": accept})
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")


def test_basic_authentication_works(client: Client, credentials: dict[str, str]) -> None:
    pair = f"{credentials['client_id']}:{credentials['client_secret']}"
    header = f"Basic {base64.b64encode(pair.encode()).decode()}"

    answer = post(client, "grant_type=client_credentials", FORM, headers={"Authorization": header})

    assert answer.status_code == 200


@pytest.mark.backend
def test_the_token_ends_when_the_answer_says(client: Client, credentials: dict[str, str]) -> None:
    answer = post(client, credentials).json()
    payload = answer["access_token"].split(".")[1]
    claims = json.loads(base64.b64decode(payload + "=" * (-len(payload) % 4)))

    assert claims["exp"] == answer["created_at"] + answer["expires_in"]
    assert claims["test"] is True
    assert claims["application"]["id"] == credentials["client_id"]
    assert abs(AccessToken.objects.get().expires_at.timestamp() - claims["exp"]) < 2


@pytest.mark.backend
def test_only_a_checksum_of_the_token_is_kept(client: Client, credentials: dict[str, str]) -> None:
    token = post(client, credentials).json()["access_token"]

    assert AccessToken.objects.get().checksum == hashlib.sha256(token.encode()).hexdigest()
    assert not in_database(token)
    assert not in_database(token.split(".")[2])
    assert not in_database(credentials["client_secret"])
    assert in_database(credentials["client_id"])


@pytest.mark.backend
def test_a_token_costs_two_statements(
    client: Client,
    credentials: dict[str, str],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(2):  # the client, and the token
        post(client, credentials)


def test_a_client_may_ask_for_some_of_its_scopes(
    client: Client, credentials: dict[str, str]
) -> None:
    answer = post(client, credentials | {"scope": "imports:read"})

    assert answer.json()["scope"] == "imports:read"
    assert AccessToken.objects.get().scope == "imports:read"


def test_the_default_is_every_scope_of_the_client(
    client: Client, credentials: dict[str, str], issued: tuple[ApiClient, str]
) -> None:
    ApiClient.objects.filter(pk=issued[0].pk).update(scopes=ALL_SCOPES)

    assert post(client, credentials).json()["scope"] == ALL_SCOPES


@pytest.mark.parametrize(
    "scope", ["imports:cleanup", "imports:read imports:cleanup", "admin", "IMPORTS:READ"]
)
def test_a_scope_that_the_client_lacks_is_refused(
    client: Client, credentials: dict[str, str], scope: str
) -> None:
    answer = post(client, credentials | {"scope": scope})

    assert_refused(answer, 400, "invalid_scope", "MALFORMED_REQUEST")
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        ("market:all", "imports:read imports:write"),
        ("market:id:xYZkjABcde stock_location:all", "imports:read imports:write"),
        ("store:id:xYZkjABcde imports:read", "imports:read"),
    ],
)
def test_scopes_of_a_shop_are_ignored_because_clients_ask_for_them_by_default(
    client: Client, credentials: dict[str, str], asked: str, granted: str
) -> None:
    assert post(client, credentials | {"scope": asked}).json()["scope"] == granted


@pytest.mark.parametrize("scope", ["imports:read,imports:write", "imports:write, imports:read"])
def test_scopes_may_be_separated_by_commas_as_the_command_line_sends_them(
    client: Client, credentials: dict[str, str], scope: str
) -> None:
    answer = post(client, credentials | {"scope": scope})

    assert set(answer.json()["scope"].split()) == {"imports:read", "imports:write"}


@pytest.mark.parametrize(
    "scope",
    ["market:all imports:cleanup", "imports:read,imports:cleanup", "market", "supermarket:all"],
)
def test_scopes_of_a_shop_excuse_no_other(
    client: Client, credentials: dict[str, str], scope: str
) -> None:
    answer = post(client, credentials | {"scope": scope})

    assert_refused(answer, 400, "invalid_scope", "MALFORMED_REQUEST")


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_id": None}, 401, "invalid_client"),
        ({"client_id": "https://a.example/b"}, 401, "invalid_client"),
        ({"grant_type": None}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, 400, "unsupported_grant_type"),
        ({"client_id": "\0"}, 400, "invalid_request"),
        ({"client_secret": 7}, 400, "invalid_request"),
    ],
)
@pytest.mark.backend
def test_a_refusal_is_one_for_oauth_clients_and_for_ours(
    client: Client,
    credentials: dict[str, str],
    changes: dict[str, Any],
    status: int,
    error: str,
) -> None:
    code = {400: "MALFORMED_REQUEST", 401: "UNAUTHORIZED"}[status]
    assert_refused(post(client, credentials | changes), status, error, code)


def test_the_stored_hash_is_not_a_secret(
    client: Client, credentials: dict[str, str], issued: tuple[ApiClient, str]
) -> None:
    stored = ApiClient.objects.get(pk=issued[0].pk).secret_hash

    answer = post(client, credentials | {"client_secret": stored})

    assert_refused(answer, 401, "invalid_client", "UNAUTHORIZED")


def test_an_unknown_client_is_challenged(client: Client) -> None:
    assert post(client, {"grant_type": "client_credentials"})["WWW-Authenticate"] == (
        'Basic realm="imports"'
    )


@pytest.mark.backend
def test_an_old_secret_stops_working_when_it_is_renewed(
    client: Client, credentials: dict[str, str], issued: tuple[ApiClient, str]
) -> None:
    renewed = issued[0].renew_secret()

    assert post(client, credentials).status_code == 401
    assert post(client, credentials | {"client_secret": renewed}).status_code == 200


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"a=%ZZ", FORM, 400),
        (b"\x00", FORM, 400),
        (b"", "", 400),
        (b"x", "text/plain", 415),
        (b"x" * 20_000, FORM, 413),
        (b"--x--", "multipart/form-data; boundary=x", 415),
    ],
)
def test_a_broken_request_is_refused_as_json(
    client: Client, body: bytes, content_type: str, status: int
) -> None:
    answer = post(client, body, content_type)

    assert answer.status_code == status
    assert answer.json()["error"] == "invalid_request"
    assert answer.json()["errors"][0]["status"] == str(status)


@pytest.mark.parametrize("query", ["x=%ZZ", "client_secret=abc", "%FF"])
def test_parameters_in_the_url_are_refused(
    client: Client, credentials: dict[str, str], query: str
) -> None:
    answer = client.post(f"/oauth/token?{query}", credentials, "application/json")

    assert_refused(answer, 400, "invalid_request", "MALFORMED_REQUEST")


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_other_methods_are_not_allowed(client: Client, method: str) -> None:
    answer = getattr(client, method)("/oauth/token")

    assert_refused(answer, 405, "invalid_request", "METHOD_NOT_ALLOWED")


def test_a_cross_site_check_does_not_stop_programs(credentials: dict[str, str]) -> None:
    assert post(Client(enforce_csrf_checks=True), credentials).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["authorize", "revoke_token", "introspect", "applications", "device-authorization", "register"],
)
def test_nothing_else_of_oauth_is_exposed(client: Client, path: str) -> None:
    for prefix in ("/oauth/", "/o/", "/"):
        assert client.get(f"{prefix}{path}/").status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.backend
def test_the_client_is_told_to_come_back_when_the_database_is_down(
    client: Client, credentials: dict[str, str], database_away: None
) -> None:
    answer = post(client, credentials)

    assert_refused(answer, 503, "temporarily_unavailable", "SERVICE_UNAVAILABLE")
    assert int(answer["Retry-After"]) > 0


def test_the_lifetime_is_a_setting(
    client: Client, credentials: dict[str, str], settings: Settings
) -> None:
    settings.IMPORTS_TOKEN_SECONDS = 60

    assert post(client, credentials).json()["expires_in"] == 60


def assert_refused(answer: Any, status: int, error: str, code: str) -> None:
    body = answer.json()
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"
    assert set(body) == {"error", "error_description", "errors"}
    assert body["error"] == error
    assert body["error_description"]
    assert not set(body["error_description"]) & set('"\\')
    assert [(each["code"], each["status"]) for each in body["errors"]] == [(code, str(status))]
    assert all(each["title"] and each["detail"] for each in body["errors"])


def in_database(text: str) -> bool:
    """Whether any text of any row of any table has this in it."""
    return any(text in str(row) for table in tables() for row in rows(table))


def tables() -> list[str]:
    return connection.introspection.table_names()


def rows(table: str) -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        yield from cursor.fetchall()
