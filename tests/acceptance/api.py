"""A client of the API that knows nothing of Django."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.acceptance.processes import eventually

JSON_API = "application/vnd.api+json"
FINAL = {"completed", "interrupted"}


@dataclass(frozen=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


class Api:
    """The service at this URL, with a token if there is one."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url
        self.token = token

    def signed_in(self, credentials: Mapping[str, str]) -> "Api":
        """The same service with a token for these client credentials."""
        answer = self.request(
            "POST",
            "/oauth/token",
            json.dumps({"grant_type": "client_credentials", **credentials}).encode(),
            {"Content-Type": "application/json"},
        )
        assert answer.status == 200, answer
        return Api(self.url, answer.document["access_token"])

    def get(self, path: str) -> Answer:
        return self.request("GET", path)

    def post(self, path: str, document: object, **headers: str) -> Answer:
        return self.request("POST", path, json.dumps(document).encode(), headers)

    def patch(self, path: str, type_: str, id_: str, **attributes: object) -> Answer:
        document = {"data": {"type": type_, "id": id_, "attributes": attributes}}
        return self.request("PATCH", path, json.dumps(document).encode())

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        sent = {"Content-Type": JSON_API, "Accept": "*/*", **(headers or {})}
        if self.token is not None:
            sent["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self.url + path, body, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return Answer(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as answer:
            with answer:
                return Answer(answer.code, dict(answer.headers), answer.read())

    def is_ready(self) -> bool:
        try:
            return self.get("/readyz").status == 200
        except OSError:
            return False

    def create_import(self, resource_type: str, inputs: object, **attributes: object) -> Any:
        """The created import object, inputs included."""
        everything = {"resource_type": resource_type, "inputs": inputs, **attributes}
        answer = self.post("/api/imports", {"data": {"type": "imports", "attributes": everything}})
        assert answer.status == 201, answer
        return answer.document["data"]

    def finished(self, id_: str) -> Any:
        """The import object once its status is final."""

        def look() -> Any:
            data = self.get(f"/api/imports/{id_}").document["data"]
            return data if data["attributes"]["status"] in FINAL else None

        return eventually(look, f"import {id_} is final")

    def records(self, resource_type: str, attribute: str, values: Iterable[str]) -> list[Any]:
        """Those of this type whose attribute is one of the values; a page at most."""
        query = urlencode({f"filter[q][{attribute}_in]": ",".join(values), "page[size]": 25})
        data: list[Any] = self.get(f"/api/{resource_type}?{query}").document["data"]
        return data

    def import_(self, resource_type: str, inputs: object, **attributes: object) -> Any:
        """Create an import and wait for its end."""
        created = self.create_import(resource_type, inputs, **attributes)
        return self.finished(created["id"])
