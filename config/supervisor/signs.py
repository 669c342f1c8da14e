"""Signs of life: that a process exists doesn't mean that it works."""

import errno
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

NOT_YET = {errno.EAGAIN, errno.ENOTCONN}  # no answer yet, or no connection yet

Address = str | tuple[str, int]


class Sign(Protocol):
    """What a process does for as long as it works.

    Attributes:
        name: how the log calls a sign that is missing.
        patience: seconds without a sign after which the process counts as dead.
    """

    name: str
    patience: float

    def seen(self) -> bool:
        """Return whether there was a sign since the last call. Called often; never waits."""
        ...


@dataclass(kw_only=True)
class Answer:
    """An answer to a question that is asked over a socket, again and again.

    A slow answer counts, too, if it begins before the next question is asked.

    Attributes:
        begins: how an answer begins.
        every: seconds between two questions.
    """

    name: str
    patience: float
    address: Address
    question: bytes
    begins: bytes
    every: float
    _ask_at: float = field(default=0.0, init=False)
    _connection: socket.socket | None = field(default=None, init=False)
    _sent: bool = field(default=False, init=False)

    def seen(self) -> bool:
        """See Sign."""
        try:
            if time.monotonic() >= self._ask_at:
                self._connect()
            return self._connection is not None and self._answered(self._connection)
        except OSError as error:
            if error.errno not in NOT_YET:
                self._hang_up()
            return False

    def _connect(self) -> None:
        self._hang_up()
        self._ask_at = time.monotonic() + self.every
        self._sent = False
        family = socket.AF_UNIX if isinstance(self.address, str) else _family(self.address)
        self._connection = socket.socket(family)
        self._connection.settimeout(0)
        if self._connection.connect_ex(self.address) not in {0, errno.EINPROGRESS}:
            self._hang_up()

    def _answered(self, connection: socket.socket) -> bool:
        if not self._sent:
            connection.sendall(self.question)
            self._sent = True
        answered = connection.recv(len(self.begins)).startswith(self.begins)
        self._hang_up()
        return answered

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


class Notice:
    """A WATCHDOG=1 of sd_notify(3), sent to the socket that NOTIFY_SOCKET names."""

    name = "WATCHDOG=1"

    def __init__(self, path: Path, *, patience: float) -> None:
        self.patience = patience
        path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(0)
        self._socket.bind(str(path))

    def seen(self) -> bool:
        """See Sign."""
        seen = False
        while (message := self._next()) is not None:
            seen = seen or b"WATCHDOG=1" in message.splitlines()
        return seen

    def _next(self) -> bytes | None:
        try:
            return self._socket.recv(4_096)
        except BlockingIOError:
            return None


def _family(address: tuple[str, int]) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address[0] else socket.AF_INET
