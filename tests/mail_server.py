"""Mail servers that tests talk to: one that takes mail, and one that never comes to the point."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread


class MailServer(ThreadingTCPServer):
    """Takes mail on a port of this host; refuses recipients whose address begins with "no", and
    hangs up on those that begin with "gone".
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.received: list[str] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Talk(StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline().decode():
            command = line[:4].upper().strip()
            if command == "DATA":
                self._say("354 go on")
                self.server.received.append(self._mail())
            if command == "RCPT" and "<gone" in line:
                return
            if command == "RCPT" and "<no" in line:
                self._say("550 nobody of that name")
            elif command == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 well")

    def _mail(self) -> str:
        lines = []
        while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
            lines.append(line)
        return "".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Drip(StreamRequestHandler):
    server: "DrippingServer"

    def handle(self) -> None:
        with suppress(OSError):  # the caller hung up
            while not self.server.over.wait(0.02):
                self.wfile.write(b"2")


class DrippingServer(ThreadingTCPServer):
    """Its greeting goes on until it is `over`, a character at a time."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Drip)
        self.over = Event()


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server, _serving(server):
        yield server


@contextmanager
def dripping() -> Iterator[int]:
    """The port of one whose greeting goes on for ever, whether or not somebody calls there."""
    with DrippingServer() as server, _serving(server):
        try:
            yield int(server.server_address[1])
        finally:
            server.over.set()


@contextmanager
def _serving(server: ThreadingTCPServer) -> Iterator[None]:
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
