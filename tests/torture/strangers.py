"""What the dearest requests of strangers take: memory, and disk.

`python -m tests.torture.strangers` starts the web server on SQLite, sends it large bodies without
a token or a session, one and several at once, and prints by how much its processes grew (PSS, the
peak over what they had when idle), and how much they kept on disk for each connection. It speaks
to this machine only, and ends by itself. Linux only.
"""

import argparse
import contextlib
import gzip
import socket
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import psutil

from tests.acceptance.processes import eventually
from tests.acceptance.stack import Stack

MIB = 1024 * 1024
PIECE = 60 * 1024  # bytes; a multiple of three, for whole %41s
LOOK_SECONDS = 0.01
PATIENCE = 120  # seconds
COOKIE = "Cookie: csrftoken=" + "a" * 32  # with one, Django looks for its double in the form
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
JSON_API = "application/vnd.api+json"
FIELD = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n'
FILE = b'--b\r\nContent-Disposition: form-data; name="x"; filename="x"\r\n\r\n'


@dataclass(frozen=True)
class Order:
    """One kind of request. The body is `begins`, and then `repeated` up to its size."""

    path: str
    content_type: str
    repeated: bytes
    begins: bytes = b""
    headers: tuple[str, ...] = ()
    chunked: bool = False
    packed: bool = False

    def __str__(self) -> str:
        notes = [self.content_type.partition(";")[0].rpartition("/")[2]]
        notes += ["chunked"] * self.chunked + ["gzip"] * self.packed
        notes += ["wrong token"] * bool(self.headers)
        return f"{self.path} {', '.join(notes)}"

    def body(self, size: int) -> Iterator[bytes]:
        if self.packed:
            yield gzip.compress(self.begins + self.repeated * (size // len(self.repeated)))
            return
        yield self.begins
        piece = self.repeated * (PIECE // len(self.repeated))
        for _ in range(size // len(piece)):
            yield piece

    def length(self, size: int) -> int:
        return sum(map(len, self.body(size)))


WRONG_TOKEN = ("Authorization: Bearer e30.e30.e30",)
ROW = b'{"code":"%41"},'
ROWS = b'{"data":{"type":"imports","attributes":{"resource_type":"skus","inputs":['
ORDERS = [
    *(
        Order(path, FORM, b"%41")
        for path in ("/admin/login/", "/oauth/token", "/healthz", "/api/schema/docs")
    ),
    Order("/oauth/token", FORM, b"&a=%41"),
    Order("/admin/login/", MULTIPART, b"x" * 60, FIELD),
    Order("/admin/imports_app/import/new/", MULTIPART, b"x" * 60, FILE),
    Order("/admin/imports_app/import/new/", MULTIPART, FIELD + b"\r\n"),
    Order("/api/imports", JSON_API, ROW, ROWS),
    Order("/api/imports", JSON_API, ROW, ROWS, headers=WRONG_TOKEN),
    Order("/api/imports", JSON_API, b"[", chunked=True),
    Order("/oauth/token", FORM, b"%41", chunked=True),
    Order("/api/imports", JSON_API, b" " * 60, packed=True),
    Order("/oauth/token", "application/json", b" " * 60, packed=True),
]


class Meter:
    """Looks at a process and those below it all the time, and keeps the peaks.

    Attributes:
        memory, disk: bytes.
    """

    def __init__(self, pid: int) -> None:
        self._master = psutil.Process(pid)
        self._ended = threading.Event()
        self.memory = self.disk = 0

    def __enter__(self) -> "Meter":
        self.look()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def look(self) -> None:
        processes = [self._master, *self._master.children(recursive=True)]
        with contextlib.suppress(psutil.Error):
            self.memory = max(self.memory, sum(p.memory_full_info().pss for p in processes))
        self.disk = max(self.disk, sum(_unnamed(p.pid) for p in processes))

    def _run(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            self.look()


def _unnamed(pid: int) -> int:
    """Bytes on disk of the files without a name that a process has open."""
    size = 0
    with contextlib.suppress(OSError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                target = str(link.readlink())
                if target.startswith("/") and target.endswith(" (deleted)"):
                    size += link.stat().st_blocks * 512
    return size


def send(stack: Stack, order: Order, size: int) -> str:
    """The status of the answer, or that there was none."""
    url = urlsplit(stack.api.url)
    framing = "Transfer-Encoding: chunked" if order.chunked else ""
    framing = framing or f"Content-Length: {order.length(size)}"
    lines = [f"POST {order.path} HTTP/1.1", "Host: localhost", framing, *order.headers]
    lines += [f"Content-Type: {order.content_type}", "Connection: close", COOKIE]
    lines += ["Content-Encoding: gzip"] * order.packed
    with socket.create_connection((url.hostname, url.port), timeout=PATIENCE) as connection:
        with contextlib.suppress(OSError):
            connection.sendall("\r\n".join([*lines, "", ""]).encode())
            for piece in order.body(size):
                framed = b"%x\r\n%s\r\n" % (len(piece), piece) if order.chunked else piece
                connection.sendall(framed if piece else b"")
            connection.sendall(b"0\r\n\r\n" if order.chunked else b"")
        with contextlib.suppress(OSError):
            return connection.recv(12).decode("latin-1").rpartition(" ")[2] or "none"
    return "none"


def measure(stack: Stack, asked: argparse.Namespace) -> Iterator[str]:
    for order in ORDERS:  # what each loads when it is first asked for is nobody's harm
        send(stack, order, PIECE)
    time.sleep(1)
    with Meter(stack.web.pid) as meter:
        idle = meter.memory
    yield f"idle: {idle / MIB:.0f} MiB. Each body: {asked.size} MiB.\n"
    yield f"{'':54}{'at once':>8}{'memory':>11}{'disk each':>11}  answers"
    for order in ORDERS:
        for count in sorted({1, asked.at_once}):
            with Meter(stack.web.pid) as meter, ThreadPoolExecutor(count) as senders:
                sent = [senders.submit(send, stack, order, asked.size * MIB) for _ in range(count)]
                answers = ", ".join(sorted({one.result() for one in sent}))
            memory, disk = (meter.memory - idle) / MIB, meter.disk / MIB / count
            yield f"{order!s:54}{count:>8}{memory:>7.1f} MiB{disk:>7.2f} MiB  {answers}"


def _answers(stack: Stack) -> bool:
    try:
        return stack.api.get("/healthz").status == 200
    except OSError:
        return False


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.torture.strangers")
    parser.add_argument("--size", type=int, default=64, help="MiB of each body")
    parser.add_argument("--at-once", type=int, default=8)
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="imports-strangers-") as folder:
        stack = Stack(Path(folder), {"CELERY_BROKER_URL": "memory://"})
        stack.manage("migrate", "--verbosity", "0")
        stack.web.start()
        try:
            eventually(lambda: _answers(stack), "the web server answers")
            for line in measure(stack, asked):
                sys.stdout.write(line + "\n")
                sys.stdout.flush()
        finally:
            stack.web.stop()


if __name__ == "__main__":
    main()
