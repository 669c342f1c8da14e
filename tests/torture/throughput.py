"""How fast the web server of this tree is, compared with that of another one.

`python -m tests.torture.throughput OTHER` starts both, in turn sends each a POST of 10,000 rows,
reads that import whole, and reads it sparsely, and prints the medians and their ratios. OTHER is a
working tree with a .venv; DATABASE_URL and OTHER_DATABASE_URL name databases that may be emptied,
else both use SQLite. It speaks to this machine only, and ends by itself.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from config.env import BASE_DIR
from config.supervisor.lifeline import die_with_parent
from tests.acceptance.processes import clean_environment, eventually
from tests.servers import free_port

ROWS = 10_000
SPARSE = "?fields[imports]=status,processed_count"
COMMANDS = {"config/gunicorn.py": ["gunicorn", "-c", "python:config.gunicorn", "config.wsgi"]}


class Tree:
    """A working tree's web server, with a client of it."""

    def __init__(self, root: Path, folder: Path, database: str | None) -> None:
        self._root = root
        self._python = [str(root / ".venv/bin/python"), "-m"]
        self._url = urlsplit(f"http://127.0.0.1:{free_port()}")
        self._environment = clean_environment() | {
            "IMPORTS_DATA_DIR": str(folder),
            "CELERY_BROKER_URL": "memory://",
            "PORT": str(self._url.port),
            "PYTHONPATH": str(root),
        }
        if database:
            self._environment["DATABASE_URL"] = database

    def start(self) -> None:
        self._manage("migrate", "--verbosity", "0")
        command = next((c for p, c in COMMANDS.items() if (self._root / p).exists()), None)
        self._process = subprocess.Popen(
            [*self._python, *(command or ["config.web"])],
            cwd=self._root,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=partial(die_with_parent, os.getpid()),
        )
        eventually(self._answers, "the web server answers")
        made = json.loads(self._manage("create_client", "tests", "--mode", "test", "--json"))
        secrets = {name: made[name] for name in ("client_id", "client_secret")}
        grant = json.dumps({"grant_type": "client_credentials", **secrets}).encode()
        token = json.loads(self._ask("POST", "/oauth/token", grant, "application/json"))
        self._token = token["access_token"]

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)

    def round(self, number: int) -> dict[str, float]:
        """Seconds that each kind of request took."""
        rows = [
            {"code": f"T-{number}-{row}", "name": "x" * 80, "description": "y" * 120}
            for row in range(ROWS)
        ]
        document = {"type": "imports", "attributes": {"resource_type": "skus", "inputs": rows}}
        body = json.dumps({"data": document}).encode()
        seconds: dict[str, float] = {}
        path = "/api/imports"
        created = json.loads(self._timed(seconds, "POST", "POST", path, body))
        path = f"{path}/{created['data']['id']}"
        self._timed(seconds, "GET", "GET", path)
        self._timed(seconds, "GET, sparse", "GET", path + SPARSE)
        return seconds

    def _timed(self, seconds: dict[str, float], name: str, *request: Any) -> bytes:
        began = time.perf_counter()
        answer = self._ask(*request)
        seconds[name] = time.perf_counter() - began
        return answer

    def _ask(
        self, method: str, path: str, body: bytes = b"", kind: str = "application/vnd.api+json"
    ) -> bytes:
        connection = http.client.HTTPConnection(str(self._url.hostname), self._url.port)
        headers = {"Content-Type": kind}
        if hasattr(self, "_token"):
            headers["Authorization"] = f"Bearer {self._token}"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        assert answer.status < http.client.BAD_REQUEST, (answer.status, content[:500])
        return content

    def _answers(self) -> bool:
        try:
            return bool(self._ask("GET", "/healthz"))
        except OSError:
            return False

    def _manage(self, *arguments: str) -> str:
        return subprocess.run(
            [*self._python, "django", *arguments],
            cwd=self._root,
            env=self._environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.torture.throughput")
    parser.add_argument("other", type=Path)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="imports-throughput-") as folder:
        trees = [
            Tree(BASE_DIR, Path(folder) / "ours", os.environ.get("DATABASE_URL")),
            Tree(asked.other, Path(folder) / "other", os.environ.get("OTHER_DATABASE_URL")),
        ]
        took = [defaultdict[str, list[float]](list) for _ in trees]
        try:
            for tree in trees:
                tree.start()
            for number in range(asked.rounds + 1):
                for tree, taken in zip(trees, took, strict=True):
                    for name, seconds in tree.round(number).items():
                        taken[name] += [seconds] * (number > 0)  # the first loads what it needs
        finally:
            for tree in trees:
                tree.stop()
    sys.stdout.write(report(*took))


def report(ours: dict[str, list[float]], others: dict[str, list[float]]) -> str:
    lines = [f"{'medians':14}{'ours':>10}{'other':>10}{'ratio':>8}"]
    for name, taken in ours.items():
        our, other = statistics.median(taken), statistics.median(others[name])
        lines.append(f"{name:14}{our:>8.3f} s{other:>8.3f} s{our / other:>8.2f}")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
