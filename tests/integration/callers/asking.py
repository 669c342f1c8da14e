"""Requests of users, by HTTP Basic."""

import base64
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from tests.integration.api.caller import MEDIA_TYPE, Answer


class UserCaller:
    """Sends a user's requests."""

    def __init__(self, user: User) -> None:
        shown = base64.b64encode(f"{user.username}:secret".encode()).decode()
        self._http = Client(headers={"Authorization": f"Basic {shown}"})

    def get(self, path: str) -> Answer:
        """The answer, read to its end."""
        return self._answer(self._http.get(path))

    def send(self, method: str, path: str, body: Any = None) -> Answer:
        """The same of a request with a document."""
        ask = getattr(self._http, method)
        return self._answer(ask(path, b"" if body is None else body, content_type=MEDIA_TYPE))

    def post(self, path: str, body: Any = None) -> Answer:
        """The same of a POST."""
        return self.send("post", path, body)

    def _answer(self, response: Any) -> Answer:
        return Answer(response.status_code, response.headers, response.getvalue())
