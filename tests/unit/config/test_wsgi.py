import io
from typing import Any

import pytest

from config.wsgi import Request, application

# The handler looks after the connections that earlier tests of the process left open.
pytestmark = [pytest.mark.backend, pytest.mark.django_db]


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; x*=nonsense'en'a",
        f"application/json; x*{'1' * 5_000}=a",
        "application/json; charset=a\0b",
        "application/json; charset=undefined",
        "application/json; charset=hex",
        "application/json; charset=idna",
        "application/json; charset=utf-16",
    ],
)
def test_no_content_type_is_a_crash(content_type: str) -> None:
    asked = {"PATH_INFO": "/healthz", "QUERY_STRING": "a=%C3%A9%80", "CONTENT_TYPE": content_type}
    assert status_of(REQUEST_METHOD="GET", **asked) == "200 OK"


@pytest.mark.parametrize("content_type", ["a/b; charset*=x'y'z", "a/b; x*=nonsense'en'a"])
def test_a_content_type_that_can_not_be_parsed_is_none_to_whoever_asks(content_type: str) -> None:
    environ = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": content_type, "wsgi.input": io.BytesIO()}
    request = Request(environ)
    assert (request.content_type, request.META["CONTENT_TYPE"]) == ("", "")


def status_of(**environ: Any) -> str:
    answers: list[str] = []

    def start_response(status: str, headers: Any, failure: Any = None, /) -> Any:
        answers.append(status)

    everything = {
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
        **environ,
    }
    application(everything, start_response).close()
    [answer] = answers
    return answer
