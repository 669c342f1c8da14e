"""How long `make run` waits for its service, and what it says meanwhile."""

import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from config.supervisor import service
from config.supervisor.sample import Site
from config.supervisor.service import wait_until_ready
from config.supervisor.supervisor import Supervisor

BROKER_AWAY = json.dumps({"components": {"database": "ok", "broker": "not reachable"}}).encode()


class Answers(BaseHTTPRequestHandler):
    """Of a service: 503 with the body, until the log has it twice."""

    body = BROKER_AWAY
    caplog: pytest.LogCaptureFixture

    def do_GET(self) -> None:
        is_ready = self.caplog.text.count("Not ready yet") >= 2
        self.send_response(200 if is_ready else 503)
        self.end_headers()
        self.wfile.write(b"{}" if is_ready else self.body)

    def log_message(self, *_: object) -> None:
        """Nobody wants to know."""


@pytest.fixture
def site(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A service that gets ready late, for one that soon says so."""
    monkeypatch.setattr(service, "READY_SECONDS", 0.1)
    monkeypatch.setattr(Answers, "caplog", caplog, raising=False)
    caplog.set_level(logging.WARNING)
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Site("127.0.0.1", server.server_port)
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (BROKER_AWAY, "Not ready yet: broker not reachable."),
        (b"<h1>Server Error</h1>", "Not ready yet: /readyz answers with an error."),
        (b"[]", "Not ready yet: /readyz answers with an error."),
    ],
)
def test_a_service_that_is_not_ready_is_waited_for_and_says_why(
    body: bytes,
    said: str,
    site: Site,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Answers, "body", body)

    wait_until_ready(Supervisor([]), site)

    assert caplog.messages.count(said) == 2


def test_a_web_process_that_does_not_answer_is_named(site: Site) -> None:
    host, _ = site.address

    assert "web does not answer" in Site(host, 1).what_is_missing()
