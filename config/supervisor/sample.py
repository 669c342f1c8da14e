"""Imports the sample through the API, as a client does."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from config.env import BASE_DIR

SAMPLES = BASE_DIR / "imports_app" / "commerce" / "sample"
FINAL = {"completed", "interrupted"}
JSON_API = "application/vnd.api+json"
REQUEST_SECONDS = 10


class Site:
    """The service as a client on this machine sees it."""

    def __init__(self, host: str, port: int) -> None:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
        self.address = (host, port)
        self.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        self.headers = _proxy_headers()

    def is_ready(self) -> bool:
        try:
            self.request("/readyz")
        except OSError:
            return False
        return True

    def what_is_missing(self) -> str:
        """Return what isn't ready according to `/readyz`, or why there is no answer."""
        try:
            self.request("/readyz")
        except urllib.error.HTTPError as answer:
            return _what_is_wrong(answer.read())
        except OSError as error:
            return f"web does not answer ({error})"
        return "nothing"

    def request(
        self, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Send a GET, or a POST if there is a body. Raise OSError for any status but a 2xx."""
        request = urllib.request.Request(
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Accept": "*/*", **self.headers, **(headers or {})},
        )
        with urllib.request.urlopen(request, timeout=REQUEST_SECONDS) as answer:
            document: dict[str, Any] = json.load(answer)
            return document


class SampleImports:
    """One import for each file of the sample, sent with the credentials in the given file.

    They are sent, and take effect, in the order of the files' names, in which parents come first.
    """

    def __init__(self, site: Site, credentials: Path) -> None:
        self._site = site
        self._credentials = credentials
        self._headers: dict[str, str] = {}
        self.documents: list[dict[str, Any]] = []

    def post(self) -> None:
        token = self._site.request(
            "/oauth/token",
            json.loads(self._credentials.read_text()),
            {"Content-Type": "application/json"},
        )
        self._headers = {
            "Authorization": f"Bearer {token['access_token']}",
            "Content-Type": JSON_API,
        }
        self.documents = [self._create(path) for path in sorted(SAMPLES.glob("*.json"))]

    def are_final(self) -> bool:
        """Return whether all are final; ask again for those only that weren't the last time."""
        self.documents = [self._refreshed(document) for document in self.documents]
        return all(map(_is_final, self.documents))

    def _create(self, path: Path) -> dict[str, Any]:
        document = {"data": {"type": "imports", "attributes": json.loads(path.read_text())}}
        return self._site.request("/api/imports", document, self._headers)

    def _refreshed(self, document: dict[str, Any]) -> dict[str, Any]:
        if _is_final(document):
            return document
        return self._site.request(f"/api/imports/{document['data']['id']}", headers=self._headers)


def _what_is_wrong(body: bytes) -> str:
    try:
        components = json.loads(body)["components"]
        return ", ".join(f"{name} {state}" for name, state in components.items() if state != "ok")
    except (ValueError, LookupError, AttributeError, TypeError):
        return "/readyz answers with an error"


def _is_final(document: dict[str, Any]) -> bool:
    return document["data"]["attributes"]["status"] in FINAL


def _proxy_headers() -> dict[str, str]:
    """Return the headers that a proxy in front would add, if the settings expect one."""
    headers = {"X-Forwarded-Proto": "https"} if settings.HTTPS else {}
    if not {"*", "localhost", "127.0.0.1"} & set(settings.ALLOWED_HOSTS):
        headers["Host"] = settings.ALLOWED_HOSTS[0].lstrip(".")
    return headers
