"""A worker that is told to end with 100,000 rows in progress, again and again.

`python -m tests.torture.ending --backend servers` prints after how many seconds it had ended, and
whether anything was done twice: a row that is would count as updated or unchanged, not as created.
Ends with 1 if it took longer than LIMIT seconds or something was.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.acceptance.api import FINAL, Api
from tests.acceptance.processes import eventually
from tests.acceptance.rows import sku_rows
from tests.acceptance.stack import Stack
from tests.torture.backends import BACKENDS, Servers
from tests.torture.supervision import DEFAULTS, say

LIMIT = 5.0  # seconds, of targets.md
ROWS = 100_000
ENDS = 5
COUNTS = ("processed_count", "created_count", "updated_count", "unchanged_count", "errors_count")


class Trial:
    """One import, during which the worker is ended several times."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._client: Api = stack.client()
        self._path = ""

    def __call__(self) -> bool:
        """Whether it went as it should."""
        created = self._client.create_import("skus", sku_rows(ROWS))
        self._path = f"/api/imports/{created['id']}?fields[imports]=status,{','.join(COUNTS)}"
        seconds = [self._end_worker() for _ in range(ENDS)]
        final = eventually(self._final, "the import is final", seconds=600)
        say(", ".join(f"{name} {final.get(name)}" for name in ("status", *COUNTS)))
        return max(seconds) <= LIMIT and final["created_count"] == ROWS

    def _end_worker(self) -> float:
        before = self._import()["processed_count"]
        eventually(lambda: self._import()["processed_count"] > before, "rows are processed", 120)
        began = time.monotonic()
        code = self._stack.worker.terminate()
        seconds = time.monotonic() - began
        after = self._import()
        say(f"SIGTERM to exit {seconds:.2f} s, code {code}; then {after['processed_count']} rows")
        assert after["status"] not in FINAL, "the import was done too soon to tell anything"
        self._stack.worker.start()
        return seconds

    def _final(self) -> Any:
        found = self._import()
        return found if found["status"] in FINAL else None

    def _import(self) -> Any:
        return self._client.get(self._path).document["data"]["attributes"]


def tried(folder: Path, environment: Mapping[str, str]) -> bool:
    stack = Stack(folder, {**DEFAULTS, **environment})
    try:
        stack.start()
        return Trial(stack)()
    finally:
        stack.stop()


def tried_on_servers(folder: Path) -> bool:
    servers = Servers(folder)
    try:
        servers.start()
        return tried(folder / "data", servers.environment("tortured"))
    finally:
        servers.stop()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture.ending")
    parser.add_argument("--backend", choices=BACKENDS, required=True)
    on_servers = parser.parse_args().backend == "servers"
    with tempfile.TemporaryDirectory(prefix="imports-ending-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL may run as somebody else
        (folder / "data").mkdir(mode=0o700)
        return int(not (tried_on_servers(folder) if on_servers else tried(folder / "data", {})))


if __name__ == "__main__":
    sys.exit(main())
