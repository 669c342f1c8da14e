"""A client of the API, as tests call it."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

from imports_app.oauth.models import ApiClient
from tests.factories.clients import bearer

MEDIA_TYPE = "application/vnd.api+json"


@dataclass(frozen=True)
class Answer:
    """A response, read to its end."""

    status: int
    headers: Any
    content: bytes

    @property
    def document(self) -> Any:
        """The body as JSON."""
        return json.loads(self.content)

    @property
    def data(self) -> Any:
        """The primary data of a success."""
        assert self.status < 400, self.content
        return self.document["data"]

    @property
    def errors(self) -> Any:
        """The error objects of a refusal, each with all the members of the contract."""
        assert self.status >= 400, self.content
        assert self.headers["Content-Type"] in {MEDIA_TYPE, "application/json"}
        errors = self.document["errors"]
        for error in errors:
            assert error.keys() >= {"title", "detail", "code", "status"}
            assert error["title"]
            assert error["detail"]
        return errors

    @property
    def error(self) -> Any:
        """The only error object."""
        [error] = self.errors
        assert error["status"] == str(self.status)
        return error


class Caller:
    """Sends requests with an API client's token."""

    def __init__(self, client: ApiClient, **token: Any) -> None:
        self.client = client
        self.mode = client.mode
        self._headers = bearer(client, **token)
        self._http = Client(raise_request_exception=False)

    def request(
        self, method: str, path: str, body: Any = b"", media_type: str = MEDIA_TYPE, **headers: str
    ) -> Answer:
        """Sends the body, as JSON if it isn't bytes; `Accept=…` is a header of that name."""
        response = self.send(method, path, body, media_type, **headers)
        return Answer(response.status_code, response.headers, response.getvalue())

    def send(
        self, method: str, path: str, body: Any = b"", media_type: str = MEDIA_TYPE, **headers: str
    ) -> Any:
        """The same, but the response is not read yet."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        headers = {**self._headers, **named}
        # Django's test client leaves the type out where there is no content; real clients don't.
        return self._http.generic(method, path, content, headers=headers, CONTENT_TYPE=media_type)

    def get(self, path: str, **headers: str) -> Answer:
        """As clients do: a Content-Type without any content."""
        return self.request("GET", path, **headers)

    def post(self, path: str, body: Any, **options: str) -> Answer:
        return self.request("POST", path, body, **options)

    def patch(self, path: str, body: Any, **options: str) -> Answer:
        return self.request("PATCH", path, body, **options)

    def delete(self, path: str, **headers: str) -> Answer:
        return self.request("DELETE", path, **headers)


def import_document(**attributes: Any) -> dict[str, Any]:
    """The body of a create; as clients send it, `relationships` and all."""
    defaults = {"resource_type": "skus", "inputs": [{"code": "A", "name": "a"}]}
    return {
        "data": {
            "type": "imports",
            "attributes": {**defaults, **attributes},
            "relationships": {},
        }
    }
