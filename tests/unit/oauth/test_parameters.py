import base64
import json
import sys
from typing import Any

import pytest
from django.test import RequestFactory
from rest_framework.request import Request

from imports_app.oauth.errors import TokenRefused
from imports_app.oauth.parameters import FORM, GRANT, MAX_BODY, parameters_of

JSON = "application/json"
# Python 3.13 reads deeper than earlier versions, and finds an array.
DEEP = "not a JSON object" if sys.version_info >= (3, 13) else "not JSON"
CREDENTIALS = {"grant_type": "client_credentials", "client_id": "abc", "client_secret": "def"}


def request(
    body: str | bytes = b"", content_type: str | None = FORM, path: str = "/", **headers: str
) -> Request:
    data = body.encode() if isinstance(body, str) else body
    made = RequestFactory().generic("POST", path, data, headers=headers)
    made.META.pop("CONTENT_TYPE", None)
    if content_type is not None:
        made.META["CONTENT_TYPE"] = content_type
    return Request(made)


def basic(credentials: str | bytes) -> str:
    data = credentials.encode() if isinstance(credentials, str) else credentials
    return f"Basic {base64.b64encode(data).decode()}"


@pytest.mark.parametrize(
    "content_type", [JSON, "application/vnd.api+json", "Application/JSON; charset=utf-8"]
)
def test_a_json_body_is_read(content_type: str) -> None:
    assert parameters_of(request(json.dumps(CREDENTIALS), content_type), GRANT) == CREDENTIALS


@pytest.mark.parametrize("content_type", [FORM, f"{FORM}; charset=UTF-8", "", None])
def test_a_form_is_read_and_what_names_no_type_is_a_form(content_type: str | None) -> None:
    body = "grant_type=client_credentials&client_id=abc&client_secret=def"

    assert parameters_of(request(body, content_type), GRANT) == CREDENTIALS


def test_a_form_is_unescaped() -> None:
    assert parameters_of(request("scope=imports%3Aread+imports%3Awrite"), GRANT) == {
        "scope": "imports:read imports:write"
    }


def test_unknown_parameters_are_ignored_whatever_they_are() -> None:
    body = {**CREDENTIALS, "resource": ["https://x"], "password": 1, "é": "\ud800"}

    assert parameters_of(request(json.dumps(body), JSON), GRANT) == CREDENTIALS


def test_a_parameter_without_a_value_counts_as_left_out() -> None:
    assert parameters_of(request('{"scope": null, "client_id": ""}', JSON), GRANT) == {}
    assert parameters_of(request("scope=&client_id"), GRANT) == {}


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        ("", JSON, "not JSON"),
        ("{", JSON, "not JSON"),
        ("\ufeff{}", JSON, "not JSON"),
        ('{"scope": ' + "1" * 5_000 + "}", JSON, "not JSON"),
        ("[" * 10_000, JSON, "not JSON"),
        ("[" * 5_000 + "]" * 5_000, JSON, DEEP),
        ("[]", JSON, "not a JSON object"),
        ('[["client_id", "abc"]]', JSON, "not a JSON object"),
        ("null", JSON, "not a JSON object"),
        ('"text"', JSON, "not a JSON object"),
        (b'{"client_id": "\xff"}', JSON, "not UTF-8"),
        (b"client_id=\xff", FORM, "not UTF-8"),
        ("client_id=%FF", FORM, "not UTF-8"),
        ("client_id=%ZZ", FORM, "two hexadecimal digits"),
        ("x=%", FORM, "two hexadecimal digits"),
        ("scope=a&scope=a", FORM, "scope is given more than once"),
        ('{"scope": null, "scope": "a"}', JSON, "scope is given more than once"),
        ('{"client_id": 1}', JSON, "client_id must be a string"),
        ('{"client_id": true}', JSON, "client_id must be a string"),
        ('{"client_id": NaN}', JSON, "client_id must be a string"),
        ('{"client_secret": {"a": "b"}}', JSON, "client_secret must be a string"),
        ('{"scope": ["imports:read"]}', JSON, "scope must be a string"),
        ('{"client_id": "\\u0000"}', JSON, "client_id has a character"),
        ('{"client_id": "\\ud800"}', JSON, "client_id has a character"),
        ('{"client_secret": "é"}', JSON, "client_secret has a character"),
        ('{"scope": "\\""}', JSON, "scope has a character"),
        ("scope=a%0Ab", FORM, "scope has a character"),
        ("client_id=%00", FORM, "client_id has a character"),
    ],
)
def test_an_unreadable_request_says_why(body: str | bytes, content_type: str, words: str) -> None:
    refused = refusal_of(request(body, content_type))

    assert (refused.status_code, refused.error) == (400, "invalid_request")
    assert words in str(refused.detail)


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data; boundary=x", "json"])
def test_another_content_type_is_refused_with_those_that_are_known(content_type: str) -> None:
    refused = refusal_of(request("x", content_type))

    assert refused.status_code == 415
    assert FORM in str(refused.detail)


def test_a_body_over_the_limit_is_refused_and_read_to_its_end() -> None:
    asked = request("x" * (3 * MAX_BODY + 1))

    assert refusal_of(asked).status_code == 413
    assert asked.read() == b""  # so that the client, done sending, looks at the answer
    assert refusal_of(request("x" * (MAX_BODY + 1))).status_code == 413
    assert parameters_of(request("x" * MAX_BODY), GRANT) == {}


@pytest.mark.parametrize("query", ["client_secret=abc", "x=%ZZ", "x", "grant_type=a"])
def test_the_url_has_no_parameters(query: str) -> None:
    refused = refusal_of(request(path=f"/?{query}"))

    assert refused.status_code == 400
    assert "not in the URL" in str(refused.detail)
    assert query not in str(refused.detail)


def test_basic_authentication_is_unescaped() -> None:
    asked = request("grant_type=client_credentials", Authorization=basic("a%2Bc:d%3Af"))

    assert parameters_of(asked, GRANT) == {
        "grant_type": "client_credentials",
        "client_id": "a+c",
        "client_secret": "d:f",
    }


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic !!!",
        "Basic é",
        basic("no colon"),
        basic("two:colons:here"),
        basic(b"\xff:\xff"),
        "basic YWJj",
    ],
)
def test_malformed_basic_authentication_is_no_client(header: str) -> None:
    refused = refusal_of(request(Authorization=header))

    assert (refused.status_code, refused.error) == (401, "invalid_client")
    assert "Authorization" in str(refused.detail)


@pytest.mark.parametrize("body", ["client_id=abc", "client_secret=def"])
def test_a_client_does_not_authenticate_in_two_ways(body: str) -> None:
    refused = refusal_of(request(body, Authorization=basic("abc:def")))

    assert (refused.status_code, refused.error) == (400, "invalid_request")
    assert "two ways" in str(refused.detail)


def test_other_schemes_say_nothing_about_the_client() -> None:
    body = json.dumps(CREDENTIALS)

    assert parameters_of(request(body, JSON, Authorization="Bearer stale"), GRANT) == CREDENTIALS


def refusal_of(asked: Request) -> Any:
    with pytest.raises(TokenRefused) as caught:
        parameters_of(asked, GRANT)
    return caught.value
