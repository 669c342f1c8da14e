"""Clients that go on creating and undoing imports while the service is under torture."""

import json
import threading
from collections.abc import Callable, Collection, Mapping
from http.client import HTTPException
from itertools import count
from typing import Any
from urllib.parse import quote

from tests.acceptance.api import FINAL, Answer, Api
from tests.acceptance.processes import eventually
from tests.torture.orders import Order, UndoOrder, base_orders, order
from tests.torture.rows import BASE_KEYS, id_of, with_ids

WAIT_SECONDS = 180  # for a service that is down: it is started again much sooner
BACKLOG = 6  # imports of one client that are not final yet
DONE = {200, 201, 204}
IMPORTS = "/api/imports"


class Client(threading.Thread):
    """An API client that creates its orders one after the other, each exactly once.

    A request whose answer is lost may have been carried out or not. Imports are looked for by their
    label before they are tried again; undos are tried again, and the answer tells.

    Attributes:
        created: labels of the orders → ids of the imports.
        deleted: ids of those that were deleted since: dry runs, without which all is the same.
        refused: ids of imports that were said to have changed nothing that could be undone.
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
        self.deleted: set[str] = set()
        self.refused: set[str] = set()
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
                self._place(order(self._seed, f"{self.name}-{number}"))
        except BaseException as failure:  # noqa: BLE001  (the main thread raises it)
            self.failure = failure

    def stop(self) -> None:
        """Have it end after the order in hand."""
        self._stopping.set()

    def _has_room(self) -> bool:
        path = f"{IMPORTS}?filter[q][reference_start]={self.name}-&fields[imports]=status"
        answer = self._try("GET", f"{path}&filter[q][status_not_in]={','.join(FINAL)}")
        if self._stopping.is_set():
            return True
        return answer is not None and answer.document["meta"]["record_count"] < BACKLOG

    def _place(self, wanted: Order | UndoOrder) -> None:
        if isinstance(wanted, UndoOrder):
            self._take_back(wanted)
        else:
            self._create(wanted)

    def _create(self, wanted: Order) -> None:
        body = json.dumps(self._document(wanted)).encode()
        self.created[wanted.label] = self._eventually(
            lambda: self._posted(body) or self._found(wanted.label), f"{wanted.label} is created"
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
        answer = self._try("POST", f"{IMPORTS}?fields[imports]=reference", body)
        return str(answer.document["data"]["id"]) if answer else None

    def _found(self, label: str) -> str | None:
        """The import that an unanswered request has created, once that can be told."""
        path = f"{IMPORTS}?filter[q][reference_eq]={quote(label)}&fields[imports]=reference"
        answer = self._eventually(lambda: self._try("GET", path), f"{path} answers")
        data = answer.document["data"]
        return str(data[0]["id"]) if data else None

    def _take_back(self, wanted: UndoOrder) -> None:
        """Undo the import of an order, unless that came to nothing or is undone already.

        A dry run, of which there is nothing to take back, is deleted.
        """
        target = self.created.get(wanted.target)
        if target is None or target in self.deleted:
            return
        self._eventually(lambda: self._is_final(target), f"{wanted.target} is final")
        if order(self._seed, wanted.target).is_dry:
            self._remove(target)
            return
        answer = self._eventually(lambda: self._undone(wanted, target), f"{wanted.label} is made")
        made = answer.document["data"]["id"] if answer.status == 201 else self._undo_in(answer)
        if answer.status == 422:
            self.refused.add(target)
        elif made not in self.created.values():  # not of an earlier order
            self.created[wanted.label] = made

    def _undone(self, wanted: UndoOrder, target: str) -> Answer | None:
        """Ask for the undo. The key keeps a dry run, and a 409 any other, from being made twice."""
        headers = {"Idempotency-Key": wanted.label} if wanted.is_dry else {}
        data = {"type": "imports", "attributes": {"dry_run": wanted.is_dry}}
        path = f"{IMPORTS}/{target}/undo?fields[imports]=reference"
        body = json.dumps({"data": data}).encode()
        answer = self._try("POST", path, body, headers, known={409, 422})
        waits = answer and answer.status == 409 and not self._undo_in(answer)
        return None if waits else answer

    @staticmethod
    def _undo_in(answer: Answer) -> Any:
        """The undo that is named in a refusal."""
        return answer.document.get("errors", [{}])[0].get("meta", {}).get("undo")

    def _remove(self, id_: str) -> None:
        path = f"{IMPORTS}/{id_}"
        self._eventually(lambda: self._try("DELETE", path, known={404}), f"{path} is deleted")
        self.deleted.add(id_)

    def _is_final(self, id_: str) -> bool:
        answer = self._try("GET", f"{IMPORTS}/{id_}?fields[imports]=status")
        return answer is not None and answer.document["data"]["attributes"]["status"] in FINAL

    def _try(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        known: Collection[int] = (),
    ) -> Answer | None:
        """The answer; None if there is none, or the service is in trouble."""
        self.in_flight = method == "POST"
        try:
            answer = self._api.request(method, path, body, headers)
        except (OSError, HTTPException):
            return None
        finally:
            self.in_flight = False
        assert answer.status in DONE.union(known) or answer.status >= 500, answer
        return answer if answer.status < 500 else None

    @staticmethod
    def _eventually(look: Callable[[], Any], what: str) -> Any:
        return eventually(look, what, WAIT_SECONDS)

    def _all(self, path: str) -> list[Any]:
        found: list[Any] = []
        for page in count(1):
            document = self._api.get(f"{path}&page[size]=25&page[number]={page}").document
            found += document["data"]
            if page >= document["meta"]["page_count"]:
                break
        return found
