"""Web and worker as real processes on the scratch database."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode, urlsplit

from tests.acceptance.api import FINAL, JSON_API
from tests.acceptance.processes import Process, eventually
from tests.acceptance.stack import WORKER, Stack
from tests.benchmarks.bench import Bench
from tests.benchmarks.harness import Seconds
from tests.benchmarks.rows import Row, texts

SCOPES = "imports:read imports:write imports:cleanup"
IMPORTS = "/api/imports"
BARE = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.bare.settings"}
POLL_SECONDS = 0.05
IDLE_SECONDS = 1.0  # the server closes what is idle for two

Headers = Mapping[str, str]
NONE: Headers = {}
Body = bytes | IO[bytes] | None


class Caller:
    """A client of the API on one connection, which stays open while it is used."""

    def __init__(self, url: str, token: str) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=600)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": JSON_API}
        self._used = 0.0

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Headers = NONE
    ) -> bytes:
        """The answer's body, read to its end. Raises AssertionError for a refusal."""
        return self._answered(method, path, body, headers)[1]

    def etag(self, path: str) -> str:
        """The answer's ETag."""
        return self._answered("GET", path)[0].headers["ETag"]

    def _answered(
        self, method: str, path: str, body: Body = None, headers: Headers = NONE
    ) -> tuple[HTTPResponse, bytes]:
        if time.monotonic() - self._used > IDLE_SECONDS:
            self._connection.close()  # the next request opens it again
        self._connection.request(method, path, body, {**self._headers, **headers})
        answer = self._connection.getresponse()
        content = answer.read()
        self._used = time.monotonic()
        assert answer.status < 400, content[:2_000]
        return answer, content

    def file(self, path: Path, media_type: str, **attributes: str) -> str:
        """The id of the import that this file of skus makes, which is sent as it is read."""
        headers = {"Content-Type": media_type, "Content-Length": str(path.stat().st_size)}
        query = urlencode({"resource_type": "skus", **attributes})
        with path.open("rb") as content:
            _, text = self._answered("POST", f"{IMPORTS}?{query}", content, headers)
        return str(json.loads(text)["data"]["id"])

    def get(self, path: str) -> Any:
        """The document."""
        return json.loads(self.request("GET", path))

    def timed_get(self, path: str, headers: Headers = NONE) -> Seconds:
        """How long it takes until the answer is read."""
        start = time.perf_counter()
        self.request("GET", path, headers=headers)
        return time.perf_counter() - start

    def post(self, body: bytes) -> str:
        """The id of the import that this makes."""
        return str(json.loads(self.request("POST", IMPORTS, body))["data"]["id"])

    def finished(self, id_: str) -> Any:
        """The attributes of the import once it is final, without its inputs."""
        shown = "status,completed_at,started_at,processed_count,errors_count,destroyed_count"

        def look() -> Any:
            time.sleep(POLL_SECONDS)
            attributes = self.get(f"{path_of(id_)}?fields[imports]={shown}")["data"]["attributes"]
            return attributes if attributes["status"] in FINAL else None

        return eventually(look, f"import {id_} is final", 1_200)


@dataclass(frozen=True)
class Service:
    """A running web process and a client of it."""

    stack: Stack
    caller: Caller

    def await_ready(self) -> None:
        """Start beat, which nothing else needs, and return once a worker has been seen, too."""
        self.stack.beat.start()
        eventually(self.stack.api.is_ready, "a worker is ready")


@contextmanager
def worker(bench: Bench, processes: int = 1) -> Iterator[Process]:
    """A worker that carries out so many imports at once; it finds waiting ones by itself."""
    environment = {**bench.environment, "IMPORTS_WORKERS": str(processes)}
    log = Path(environment["IMPORTS_DATA_DIR"]) / "worker.log"
    process = Process(*WORKER, environment=environment, log=log)
    process.start()
    try:
        yield process
    finally:
        process.stop()


@contextmanager
def service(bench: Bench) -> Iterator[Service]:
    """Web and broker; whoever needs workers starts them, and awaits them."""
    folder = Path(bench.environment["IMPORTS_DATA_DIR"])
    stack = Stack(folder, bench.environment, is_migrated="DATABASE_URL" in bench.environment)
    stack.migrate()
    stack.start_broker()
    stack.web.start()
    try:
        eventually(lambda: _answers(stack), "the web process answers")
        api = stack.client(scopes=SCOPES)
        assert api.token is not None
        yield Service(stack, Caller(api.url, api.token))
    finally:
        stack.beat.stop()
        stack.web.stop()
        stack.stop_broker()


@contextmanager
def bare_service(bench: Bench) -> Iterator[Service]:
    """The same, with the bare views among its URLs."""
    with service(replace(bench, environment={**bench.environment, **BARE})) as running:
        yield running


def _answers(stack: Stack) -> bool:
    try:
        return stack.api.get("/healthz").status == 200
    except OSError:
        return False


def path_of(id_: str) -> str:
    return f"{IMPORTS}/{id_}"


def body_of(rows: Sequence[Row], **attributes: object) -> bytes:
    """The request that creates an import of skus."""
    head = json.dumps({"resource_type": "skus", **attributes}).encode()
    inputs = b"[%s]" % b",".join(texts(rows))
    return b'{"data":{"type":"imports","attributes":%s,"inputs":%s}}}' % (head[:-1], inputs)
