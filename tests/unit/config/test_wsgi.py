import io
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings

from config.postgresql.patience import patience

# The handler looks after the connections that earlier tests of the process left open.
pytestmark = [pytest.mark.backend, pytest.mark.django_db]


@pytest.fixture(scope="module")
def wsgi() -> Iterator[ModuleType]:
    """The module, whose import lets the process wait for its database as a web process does.

    Other tests are no requests: under load they would be given up, and the breaker would open.
    """
    options = settings.DATABASES["default"].setdefault("OPTIONS", {})
    before, waits = dict(options), (patience.seconds, patience.threads)
    import config.wsgi

    yield config.wsgi
    options.clear()
    options.update(before)
    patience.seconds, patience.threads = waits


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
def test_no_content_type_raises(wsgi: ModuleType, content_type: str) -> None:
    asked = {"PATH_INFO": "/healthz", "QUERY_STRING": "a=%C3%A9%80", "CONTENT_TYPE": content_type}
    assert status_of(wsgi, REQUEST_METHOD="GET", **asked) == "200 OK"


@pytest.mark.parametrize("content_type", ["a/b; charset*=x'y'z", "a/b; x*=nonsense'en'a"])
def test_a_content_type_that_can_not_be_parsed_counts_as_missing(
    wsgi: ModuleType, content_type: str
) -> None:
    environ = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": content_type, "wsgi.input": io.BytesIO()}
    request = wsgi.Request(environ)
    assert (request.content_type, request.META["CONTENT_TYPE"]) == ("", "")


def status_of(wsgi: ModuleType, **environ: Any) -> str:
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
    wsgi.application(everything, start_response).close()
    [answer] = answers
    return answer
