"""Signs of life of worker and beat, for the supervisor or systemd: sd_notify(3)'s WATCHDOG=1.

A worker sends messages to itself, through the broker and its pool, so that it falls silent when it
lives but takes no more messages. Without NOTIFY_SOCKET nobody watches, and nothing is sent.
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
    """Give a sign of life. Never waits; does nothing if nobody listens."""
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
        # The broker drops the queue of a worker that never comes back.
        self.queue = Queue(f"{app.conf.task_default_queue}-{worker}", expires=2 * SILENCE_SECONDS)

    def start(self) -> None:
        """Start sending; called once the pool is up, before the worker waits for its broker."""
        threading.Thread(target=self._send_forever, name="pulse", daemon=True).start()

    def _send_forever(self) -> None:
        while True:
            try:
                self._send()
            except (OperationalError, OSError):
                notify()  # the broker is away: it isn't the worker's fault that it hears nothing
            time.sleep(PULSE_SECONDS)

    def _send(self) -> None:
        # On a connection of its own: a shared one could be locked at the moment of a fork.
        with self._app.connection_for_write() as connection:
            self._app.send_task(
                PULSE,
                connection=connection,
                queue=self.queue.name,
                expires=PULSE_SECONDS,  # else many would pile up behind a long import
                ignore_result=True,
            )


class OutageSigns:
    """Gives signs of life for beat while its broker is away, when beat itself sends nothing."""

    def __init__(self, app: Celery) -> None:
        self._app = app

    def start(self) -> None:
        """Start watching the broker; called before beat waits for it."""
        threading.Thread(target=self._give_forever, name="outage-signs", daemon=True).start()

    def _give_forever(self) -> None:
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


class BusySigns:
    """Gives signs of life while a process is too busy to take a message.

    It is when it works on `places` tasks, however long they take.
    """

    def __init__(self, places: int = 1) -> None:
        self._places = places
        self._taken = 0
        self._lock = threading.Lock()
        self._busy = threading.Event()

    def start(self) -> None:
        """Start watching; called in the process that works on the tasks."""
        threading.Thread(target=self._give_forever, name="busy-signs", daemon=True).start()

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

    def _give_forever(self) -> None:
        while self._busy.wait():
            notify()
            time.sleep(PULSE_SECONDS)
