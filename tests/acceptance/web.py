"""A web server by itself, and clients that speak to its socket."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import h11

from tests.acceptance.processes import eventually
from tests.acceptance.stack import Stack


@contextmanager
def web_server(folder: Path, **environment: str) -> Iterator[Stack]:
    """A stack of which only the web process runs, on SQLite."""
    stack = Stack(folder, {"CELERY_BROKER_URL": "memory://", **environment})
    stack.migrate()
    stack.web.start()
    try:
        eventually(lambda: answers(stack), "the web server answers")
        yield stack
    finally:
        stack.web.stop()


def answers(stack: Stack) -> bool:
    try:
        return stack.api.get("/healthz").status == 200
    except OSError:
        return False


class Client:
    """One connection. It sends bytes, and reads whole answers."""

    def __init__(self, stack: Stack, *, receive_buffer: int | None = None) -> None:
        url = urlsplit(stack.api.url)
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(60)
        self.socket.connect((url.hostname, url.port))

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, *data: bytes) -> None:
        self.socket.sendall(b"".join(data))

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Status, headers by names in small letters, body. Raises EOFError if there is none."""
        http = h11.Connection(h11.CLIENT)
        http.send(h11.Request(method="GET", target="/", headers=[("Host", "x")]))
        http.send(h11.EndOfMessage())
        head, body = None, b""
        while True:
            event = http.next_event()
            if event is h11.NEED_DATA:
                http.receive_data(self.socket.recv(65_536))
            elif isinstance(event, h11.Response):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                assert head is not None
                names = {name.decode(): text.decode() for name, text in head.headers}
                return head.status_code, names, body
            elif isinstance(event, h11.ConnectionClosed):
                raise EOFError

    def is_closed(self) -> bool:
        """Whether the server has ended the connection; waits for it, up to the timeout."""
        try:
            return not self.socket.recv(1)
        except ConnectionError:
            return True


def head(method: str, path: str, **headers: str) -> bytes:
    """A request's line and headers, whole."""
    named = {"Host": "localhost", **{name.replace("_", "-"): v for name, v in headers.items()}}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {v}" for name, v in named.items())]
    return "\r\n".join([*lines, "", ""]).encode()
