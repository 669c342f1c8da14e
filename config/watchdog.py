"""Signs of life of worker and beat, for the supervisor or systemd: sd_notify(3)'s WATCHDOG=1.

A worker sends messages to itself, through the broker and its pool: one that lives and takes no
message any more falls silent. Without NOTIFY_SOCKET nobody wants to know, and nothing is sent.
"""

import logging
import socket
import threading
import time

from celery import Celery
from kombu import Queue
from kombu.exceptions import OperationalError

from config.env import notify_socket
from config.silence import PULSE_SECONDS, SILENCE_SECONDS

logger = logging.getLogger(__name__)

PULSE = "config.pulse"


def notify() -> None:
    """Give a sign of life; never waits, and is of no consequence if nobody listens."""
    if not (address := notify_socket()):
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.settimeout(0)
        try:
            sender.sendto(b"WATCHDOG=1", address)
        except OSError as error:
            logger.debug("The sign of life could not be sent: %s", error)


class Pulse:
    """The messages that a worker sends to itself, from a thread of its main process."""

    def __init__(self, app: Celery, worker: str) -> None:
        self._app = app
        # Nothing of it stays in the broker for long when the worker never comes back.
        self.queue = Queue(f"{app.conf.task_default_queue}-{worker}", expires=2 * SILENCE_SECONDS)

    def start(self) -> None:
        """To be called before the worker waits for its broker, and once its pool is there."""
        threading.Thread(target=self._send_forever, name="pulse", daemon=True).start()

    def _send_forever(self) -> None:
        while True:
            try:
                self._send()
            except (OperationalError, OSError):
                notify()  # the broker is away: that the worker hears nothing is not its fault
            time.sleep(PULSE_SECONDS)

    def _send(self) -> None:
        # On a connection of its own: what it shared could be locked at the moment of a fork.
        with self._app.connection_for_write() as connection:
            self._app.send_task(
                PULSE,
                connection=connection,
                queue=self.queue.name,
                expires=PULSE_SECONDS,  # behind a long import many would be waiting
                ignore_result=True,
            )


class Excuse:
    """Says that beat lives while its broker is away: it then waits, and tries to send nothing."""

    def __init__(self, app: Celery) -> None:
        self._app = app

    def start(self) -> None:
        """To be called before beat waits for its broker."""
        threading.Thread(target=self._tell_forever, name="excuse", daemon=True).start()

    def _tell_forever(self) -> None:
        while True:
            if not self._broker_answers():
                notify()
            time.sleep(PULSE_SECONDS)

    def _broker_answers(self) -> bool:
        try:
            with self._app.connection_for_write() as connection:
                connection.ensure_connection(max_retries=1)
        except (OperationalError, OSError):
            return False
        return True


class AtWork:
    """Says that a process lives while no message could come through, for all it can do is in hand.

    `places` is how many tasks it can do side by side. However long a task takes, it is a sign.
    """

    def __init__(self, places: int = 1) -> None:
        self._places = places
        self._taken = 0
        self._lock = threading.Lock()
        self._busy = threading.Event()

    def start(self) -> None:
        """To be called in the process that does the tasks."""
        threading.Thread(target=self._tell_forever, name="at-work", daemon=True).start()

    def begin(self) -> None:
        self._take(1)

    def end(self) -> None:
        notify()
        self._take(-1)

    def _take(self, number: int) -> None:
        with self._lock:
            self._taken += number
            if self._taken < self._places:
                self._busy.clear()
            else:
                self._busy.set()

    def _tell_forever(self) -> None:
        while self._busy.wait():
            notify()
            time.sleep(PULSE_SECONDS)
