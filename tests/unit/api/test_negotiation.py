import pytest
from rest_framework.exceptions import NotAcceptable
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from imports_app.api.negotiation import JsonApiNegotiation
from imports_app.api.parsers import JsonApiParser, JsonParser
from imports_app.api.renderers import JsonApiRenderer, JsonRenderer

JSON_API = "application/vnd.api+json"


def answered_with(accept: str | None) -> str:
    headers = {} if accept is None else {"Accept": accept}
    request = Request(APIRequestFactory().get("/", headers=headers))
    renderers = [JsonApiRenderer(), JsonRenderer()]
    renderer, _ = JsonApiNegotiation().select_renderer(request, renderers)
    return str(renderer.media_type)


def parsed_by(content_type: str) -> object:
    request = APIRequestFactory().post("/", b"{}", content_type=JSON_API)
    request.META["CONTENT_TYPE"] = content_type  # later Djangos refuse some before it gets here
    return JsonApiNegotiation().select_parser(Request(request), [JsonApiParser(), JsonParser()])


@pytest.mark.parametrize(
    "accept",
    [
        None,
        "",
        "*/*",
        "application/*",
        JSON_API,
        f"{JSON_API};q=0.5",
        f'{JSON_API}; profile="https://example.com/p"',
        f"application/json, {JSON_API}",
        f"{JSON_API}; charset=utf-8, {JSON_API}",
        "text/html, */*",
    ],
)
def test_json_api_is_what_most_clients_get(accept: str | None) -> None:
    assert answered_with(accept) == JSON_API


@pytest.mark.parametrize(
    "accept",
    ["application/json", "application/json; charset=utf-8", "application/json, text/plain, */*"],
)
def test_plain_json_is_for_those_who_ask_for_it(accept: str) -> None:
    assert answered_with(accept) == "application/json"


@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "text/*;q=0.1",
        f"{JSON_API}; charset=utf-8",
        f'{JSON_API}; ext="https://example.com/e"',
        f"{JSON_API}; charset=utf-8, */*",
        "nonsense",
    ],
)
def test_everything_else_is_not_acceptable(accept: str) -> None:
    with pytest.raises(NotAcceptable):
        answered_with(accept)


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        (f"{JSON_API};q=0.5, application/json", "application/json"),
        (f"{JSON_API};q=0.5, application/json;q=0.4", JSON_API),
        ("application/json;q=0.2, */*;q=0.8", JSON_API),
        (f"{JSON_API};q=0, */*", "application/json"),
        ("application/*;q=0.3, application/json;q=0.9", "application/json"),
        ("application/json;q=0, application/*", JSON_API),
        (f"{JSON_API};q=nonsense, application/json;q=0.9", JSON_API),
    ],
)
def test_the_preferred_media_type_is_chosen(accept: str, answered: str) -> None:
    assert answered_with(accept) == answered


@pytest.mark.parametrize("accept", [f"{JSON_API};q=0", "*/*;q=0", "*/*;q=0.000, text/html"])
def test_a_media_type_that_is_ruled_out_is_not_chosen(accept: str) -> None:
    with pytest.raises(NotAcceptable):
        answered_with(accept)


@pytest.mark.parametrize("content_type", [JSON_API, f'{JSON_API}; profile="https://e.com/p"'])
def test_json_api_is_read(content_type: str) -> None:
    assert type(parsed_by(content_type)) is JsonApiParser


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON; charset=utf-8"])
def test_plain_json_is_read(content_type: str) -> None:
    assert type(parsed_by(content_type)) is JsonParser


@pytest.mark.parametrize(
    "content_type",
    [
        f"{JSON_API}; charset=utf-8",
        f'{JSON_API}; ext="https://example.com/e"',
        "application/x-www-form-urlencoded",
        "text/json",
        "application/vnd.api+json" + ";" * 20_000,
        "nonsense",
    ],
)
def test_everything_else_is_not_read(content_type: str) -> None:
    assert parsed_by(content_type) is None
