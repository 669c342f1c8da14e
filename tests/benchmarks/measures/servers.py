"""Our web server against Gunicorn's threads, both in front of the same application."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.acceptance.processes import Process, eventually
from tests.benchmarks import store
from tests.benchmarks.bench import Bench, measure
from tests.benchmarks.contenders.engine import work_until_idle
from tests.benchmarks.harness import Line, Run, Seconds, at_least, rates, timed
from tests.benchmarks.measures.http import STATUS
from tests.benchmarks.rows import row
from tests.benchmarks.service import IMPORTS, SCOPES, Caller, Service, body_of, path_of, service
from tests.servers import free_port

CLIENTS = 8  # at once
THREADS = 8
ROWS = 100


@measure()
def servers(bench: Bench) -> Iterator[Line]:
    """POSTs of small imports, and status polls, of several clients at once."""
    store.clear()
    body = body_of([row(number) for number in range(ROWS)])
    with service(bench) as running, _gunicorn(bench, running) as other:
        token = running.stack.client(scopes=SCOPES).token or ""
        ours, gunicorn = (
            [Caller(url, token) for _ in range(CLIENTS)] for url in (running.stack.api.url, other)
        )
        id_ = running.caller.post(body)
        work_until_idle()
        for title, *request in (
            (f"POST of {ROWS} rows", "POST", IMPORTS, body),
            ("status poll", "GET", f"{path_of(id_)}?{STATUS}"),
        ):
            samples = bench.interleaved(
                ours=_requesting(bench, ours, *request),
                gunicorn=_requesting(bench, gunicorn, *request),
            )
            name = f"{title}, {CLIENTS} clients : Gunicorn's threads"
            rows = bench.scale.requests // CLIENTS * CLIENTS or CLIENTS
            line = rates(name, samples, rows=rows, target=at_least(1))
            yield replace(line, unit="requests/s", rows=None)


@contextmanager
def _gunicorn(bench: Bench, running: Service) -> Iterator[str]:
    """Its URL; as the service was served before it had a server of its own."""
    url = f"http://127.0.0.1:{free_port()}"
    options = ("-k", "gthread", "--threads", str(THREADS), "-b", urlsplit(url).netloc)
    log = Path(bench.environment["IMPORTS_DATA_DIR"]) / "gunicorn.log"
    command = ("gunicorn", "--no-control-socket", *options, "config.wsgi")
    process = Process(*command, environment=running.stack.environment, log=log)
    process.start()
    try:
        eventually(lambda: _answers(url), "Gunicorn answers")
        yield url
    finally:
        process.stop()


def _answers(url: str) -> bool:
    try:
        return Caller(url, "").request("GET", "/healthz") is not None
    except OSError:
        return False


def _requesting(bench: Bench, callers: Sequence[Caller], *request: Any) -> Run:
    """A round is many requests, shared out among the clients."""

    def client(caller: Caller) -> None:
        for _ in range(max(1, bench.scale.requests // CLIENTS)):
            caller.request(*request)

    def run() -> Seconds:
        with ThreadPoolExecutor(CLIENTS) as pool:
            return timed(lambda: list(pool.map(client, callers)))

    return run
