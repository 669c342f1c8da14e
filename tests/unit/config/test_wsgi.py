import io
from typing import Any

import pytest

from config.wsgi import application

# The handler looks after the connections that earlier tests of the process left open.
pytestmark = pytest.mark.django_db


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
    answers: list[str] = []

    def start_response(status: str, headers: Any, failure: Any = None, /) -> Any:
        answers.append(status)

    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/healthz",
        "QUERY_STRING": "a=%C3%A9%80",
        "CONTENT_TYPE": content_type,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
    }
    application(environ, start_response).close()
    assert answers == ["200 OK"]
