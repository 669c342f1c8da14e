"""How large a body may be, by who sends it and what it is."""

from typing import Any
from urllib.parse import urlencode

import pytest
from pytest_django import Settings

from config.web.gate import STRANGERS, allowed
from tests.factories.clients import ApiClientFactory, bearer

pytestmark = pytest.mark.django_db(transaction=True)

DOCUMENT, FILE = 5_000_000, 9_000_000


@pytest.fixture(autouse=True)
def limits(settings: Settings) -> None:
    settings.IMPORTS_MAX_REQUEST_BYTES = DOCUMENT
    settings.IMPORTS_MAX_FILE_BYTES = FILE


def request(query: dict[str, str], path: str = "/api/imports", **headers: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "QUERY_STRING": urlencode(query),
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }


@pytest.mark.parametrize(
    ("scopes", "query", "path", "size"),
    [
        ("imports:read imports:write", {}, "/api/imports", DOCUMENT),
        ("imports:read imports:write", {"resource_type": "skus"}, "/api/imports", FILE),
        ("imports:read", {"resource_type": "skus"}, "/api/imports", STRANGERS),
        ("imports:read imports:write", {"resource_type": "skus"}, "/api/skus", STRANGERS),
        (None, {"resource_type": "skus"}, "/api/imports", STRANGERS),
    ],
)
def test_a_file_may_be_larger_than_a_document_for_who_may_import(
    scopes: str | None, query: dict[str, str], path: str, size: int
) -> None:
    token = bearer(ApiClientFactory.create(scopes=scopes)) if scopes else {}
    assert allowed(request(query, path, **token)) == size
