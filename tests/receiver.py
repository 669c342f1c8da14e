"""A receiver of webhooks on loopback, in threads of the test's process."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Respond = Callable[[BaseHTTPRequestHandler], object]


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    path: str
    headers: Any
    body: bytes


@dataclass
class Receiver:
    """What came, and what is answered: `respond` writes the answer."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    respond: Respond = lambda handler: answer(handler, 204)


def answer(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    """Writes a whole answer."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    if status != 204:
        handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def status(code: int, body: bytes = b"", **headers: str) -> Respond:
    """Answers every request in the same way."""
    return lambda handler: answer(handler, code, body, **headers)


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Until the end of the context a receiver listens."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            receiver.received.append(Received(self.path, self.headers, self.rfile.read(length)))
            receiver.respond(self)

        def handle(self) -> None:
            with suppress(OSError):  # the caller hung up
                super().handle()

        def log_message(self, *args: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
