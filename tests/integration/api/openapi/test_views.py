import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import resolve
from openapi_spec_validator import validate

from imports_app.api.openapi.document import openapi_document
from imports_app.urls import urlpatterns

# No operations of the API: the probes, and the page that shows the document.
UNDOCUMENTED = {"healthz", "readyz", "metrics", r"^api/schema/docs/?$"}


@pytest.fixture(scope="module")
def page() -> str:
    answer = Client().get("/api/schema/docs")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_schema_is_openapi_for_everybody(client: Client) -> None:
    answer, with_a_slash = (client.get(path) for path in ("/api/schema", "/api/schema/"))

    assert answer.status_code == with_a_slash.status_code == 200
    assert answer["Content-Type"] == with_a_slash["Content-Type"] == "application/json"
    assert with_a_slash.content == answer.content
    document = json.loads(answer.content)
    assert document["openapi"].startswith("3.1.")
    validate(document)


@pytest.mark.parametrize("path", ["/api/schema", "/api/schema/docs"])
def test_the_schema_can_only_be_read(client: Client, path: str) -> None:
    answer = client.post(path)

    assert answer.status_code == 405
    assert answer.json()["errors"][0]["code"] == "METHOD_NOT_ALLOWED"


def test_every_route_of_the_api_is_described() -> None:
    paths = openapi_document()["paths"]

    described = {resolve(re.sub(r"\{\w+\}", "1", path)).route for path in paths}

    assert described == {str(pattern.pattern) for pattern in urlpatterns} - UNDOCUMENTED


def test_the_page_shows_that_schema(page: str) -> None:
    assert 'data-schema="/api/schema"' in page


def test_every_asset_of_the_page_is_there(page: str) -> None:
    assets = re.findall(r'(?:src|href)="([^"]+)"', page)

    assert len(assets) == 4
    for asset in assets:
        assert asset.startswith("/static/")
        assert finders.find(asset.removeprefix("/static/"))


def test_the_page_runs_no_scripts_but_its_own(client: Client, page: str) -> None:
    policy = client.get("/api/schema/docs")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert re.findall(r"<script[^>]*>([^<]*)</script>", page) == ["", ""]
    assert not re.search(r"\son\w+=|\sstyle=", page)
