"""Errors that the server answers without the application: JSON:API documents, as all errors."""

import json
from dataclasses import dataclass
from http import HTTPStatus

import h11

from imports_app.api.errors import MEDIA_TYPE, standard_error


@dataclass(frozen=True)
class Refused(Exception):
    """A request that the application never sees, because the server refuses it."""

    status: int
    detail: str

    def answer(self) -> tuple[h11.Response, bytes]:
        """Return the head and the body of the answer, which is the connection's last."""
        document = {"errors": [standard_error(self.status, self.detail).as_object()]}
        body = json.dumps(document).encode()
        headers = [
            ("Content-Type", MEDIA_TYPE),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
        ]
        reason = HTTPStatus(self.status).phrase.encode()
        return h11.Response(status_code=self.status, headers=headers, reason=reason), body
