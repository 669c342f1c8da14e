"""Ours as a client sees it: from the first POST until the last import is completed."""

from collections.abc import Sequence
from datetime import datetime
from time import time
from typing import Any

from tests.benchmarks.harness import Seconds
from tests.benchmarks.rows import Row, parts, valid
from tests.benchmarks.service import Caller, body_of


class EndToEnd:
    """Imports of at most `size` rows, posted one after the other to a running service."""

    def __init__(self, caller: Caller, size: int) -> None:
        self._caller = caller
        self._size = size
        self._bodies: list[bytes] = []
        self._finished: list[dict[str, Any]] = []

    def prepare(self, rows: Sequence[Row]) -> None:
        self._bodies = [body_of(part) for part in parts(rows, self._size)]

    def run(self) -> Seconds:
        """By the service's own clock, which is this machine's: polling adds nothing."""
        start = time()
        ids = [self._caller.post(body) for body in self._bodies]
        last = self._caller.finished(ids[-1])["completed_at"]
        end = datetime.fromisoformat(last).timestamp()
        self._finished = [self._caller.finished(id_) for id_ in ids]
        return end - start

    def check(self, rows: Sequence[Row]) -> None:
        good = len(valid(rows))
        assert {each["status"] for each in self._finished} == {"completed"}
        assert sum(each["processed_count"] for each in self._finished) == good
        assert sum(each["errors_count"] for each in self._finished) == len(rows) - good
