"""Clients that go on creating imports while the service is under torture."""

import json
import threading
from collections.abc import Iterator
from http.client import HTTPException
from itertools import count
from typing import Any
from urllib.parse import quote

from tests.acceptance.api import FINAL, Answer, Api
from tests.acceptance.processes import eventually
from tests.torture.orders import BASE_KEYS, Order, base_orders, id_of, order, with_ids

WAIT_SECONDS = 180  # for a service that is down: it is started again much sooner
BACKLOG = 6  # imports of one client that are not final yet


class Client(threading.Thread):
    """An API client that creates its orders one after the other, each exactly once.

    A request whose answer is lost may have created the import or not: it looks for its label
    before it tries again.

    Attributes:
        created: labels of the orders → ids of the imports.
        failure: what ended the client early.
    """

    def __init__(self, api: Api, *, seed: int, mode: str, number: int) -> None:
        super().__init__(name=f"{mode}-{number}", daemon=True)
        self._api = api
        self._seed = seed
        self._mode = mode
        self._number = number
        self._ids: dict[str, str] = {}
        self._stopping = threading.Event()
        self.in_flight = False
        self.created: dict[str, str] = {}
        self.failure: BaseException | None = None

    def prepare(self) -> None:
        """Learn the ids of the base records; the mode's first client makes them before.

        To be called for one client after the other, before anything is disturbed.
        """
        for base in base_orders() if self._number == 1 else ():
            self._create(base)
            self._api.finished(self.created[base.label])
        for resource_type, key in BASE_KEYS.items():
            for data in self._all(f"/api/{resource_type}?sort=id"):
                self._ids[id_of(resource_type, data["attributes"][key])] = data["id"]

    def run(self) -> None:
        try:
            for number in count():
                eventually(self._has_room, f"there is room for {self.name}", WAIT_SECONDS)
                if self._stopping.is_set():
                    return
                self._create(order(self._seed, f"{self.name}-{number}"))
        except BaseException as failure:  # noqa: BLE001  (the main thread raises it)
            self.failure = failure

    def answered(self) -> Iterator[tuple[tuple[str, str], str]]:
        """Mode and label of each order → the id of its import."""
        return (((self._mode, label), id_) for label, id_ in self.created.items())

    def stop(self) -> None:
        """Have it end behind the order in hand."""
        self._stopping.set()

    def _has_room(self) -> bool:
        path = f"/api/imports?filter[q][reference_start]={self.name}-&fields[imports]=status"
        answer = self._try("GET", f"{path}&filter[q][status_not_in]={','.join(FINAL)}")
        if self._stopping.is_set():
            return True
        return answer is not None and answer.document["meta"]["record_count"] < BACKLOG

    def _create(self, wanted: Order) -> None:
        body = json.dumps(self._document(wanted)).encode()
        self.created[wanted.label] = eventually(
            lambda: self._posted(body) or self._found(wanted.label),
            f"{wanted.label} is created",
            WAIT_SECONDS,
        )

    def _document(self, wanted: Order) -> dict[str, Any]:
        attributes = {
            "resource_type": wanted.resource_type,
            "reference": wanted.label,
            "inputs": with_ids(wanted.rows, self._ids),
            **with_ids(wanted.attributes, self._ids),
        }
        return {"data": {"type": "imports", "attributes": attributes}}

    def _posted(self, body: bytes) -> str | None:
        answer = self._try("POST", "/api/imports?fields[imports]=reference", body)
        return str(answer.document["data"]["id"]) if answer else None

    def _found(self, label: str) -> str | None:
        """The import that an unanswered request has created, once that can be told."""
        path = f"/api/imports?filter[q][reference_eq]={quote(label)}&fields[imports]=reference"
        answer = eventually(lambda: self._try("GET", path), f"{path} answers", WAIT_SECONDS)
        data = answer.document["data"]
        return str(data[0]["id"]) if data else None

    def _try(self, method: str, path: str, body: bytes | None = None) -> Answer | None:
        """The answer; None if there is none, or the service is in trouble."""
        self.in_flight = method == "POST"
        try:
            answer = self._api.request(method, path, body)
        except (OSError, HTTPException):
            return None
        finally:
            self.in_flight = False
        assert answer.status in {200, 201} or answer.status >= 500, answer
        return answer if answer.status < 500 else None

    def _all(self, path: str) -> list[Any]:
        found: list[Any] = []
        for page in count(1):
            document = self._api.get(f"{path}&page[size]=25&page[number]={page}").document
            found += document["data"]
            if page >= document["meta"]["page_count"]:
                break
        return found
