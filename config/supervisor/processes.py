"""Which processes the service has, and the signs of life that are expected of each.

Importing this module needs Django set up.
"""

import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from config.env import value
from config.silence import SILENCE_SECONDS
from config.sockets import BROKER
from config.supervisor.children import Child
from config.supervisor.sample import Site
from config.supervisor.signs import Answer, Notice
from config.supervisor.valkey import valkey
from imports_app.conf import conf
from imports_app.events.sending import MAX_RINGS

PYTHON = (sys.executable, "-m")
WEB = ("config.web",)
CELERY = ("celery", "-q", "-A", "config")
WORKER = (*CELERY, "worker", "--without-gossip", "--without-mingle")  # nobody to tell anything to
BEAT = (*CELERY, "beat", "--pidfile=")
# Threads, because it mostly waits for receivers; and a name, to which its messages to itself go.
THREADS = ("-n", "sender@%h", "-P", "threads", "-c", str(MAX_RINGS))
SENDER = (*WORKER, *THREADS, "-Q", settings.SENDING.name)


def children(site: Site, sockets: Path) -> list[list[Child]]:
    """Return the processes, in stages that are ended from the last to the first.

    Without CELERY_BROKER_URL the first stage is a broker, which the others need to the end.
    """
    silence = max(SILENCE_SECONDS, 3 * conf.sweep_seconds)
    services = [
        Child("web", [*PYTHON, *WEB], answer_of_web(site)),
        _notifying("worker", WORKER, sockets, SILENCE_SECONDS),
        _notifying("sender", SENDER, sockets, SILENCE_SECONDS),
        _notifying("beat", BEAT, sockets, silence),
    ]
    if value("CELERY_BROKER_URL"):
        return [services]
    return [[_broker(sockets / BROKER)], services]


def _broker(path: Path) -> Child:
    """Return a broker, which ends the moment this process is killed.

    If it ended later, it would remove its successor's socket.
    """
    sign = Answer(
        name="PING",
        address=str(path),
        question=b"PING\r\n",
        begins=b"+PONG",
        every=SILENCE_SECONDS / 15,
        patience=SILENCE_SECONDS / 3,
    )
    return Child("broker", valkey(path), sign, die_by=signal.SIGKILL)


def _notifying(name: str, command: Sequence[str], sockets: Path, patience: float) -> Child:
    """Return a process that gives signs of life by itself, through NOTIFY_SOCKET."""
    path = sockets / f"{name}.notify"
    return Child(
        name,
        [*PYTHON, *command],
        Notice(path, patience=patience),
        environment={"NOTIFY_SOCKET": str(path)},
    )


def answer_of_web(site: Site) -> Answer:
    """Return the sign of the web process: any answer to GET /healthz.

    If something else is wrong, starting the web process again wouldn't help.
    """
    head = {"Host": "localhost", **site.headers, "Connection": "close"}
    lines = ["GET /healthz HTTP/1.1", *(f"{name}: {text}" for name, text in head.items()), "", ""]
    return Answer(
        name="GET /healthz",
        address=site.address,
        question="\r\n".join(lines).encode(),
        begins=b"HTTP/1.1 ",
        every=SILENCE_SECONDS / 3,
        patience=SILENCE_SECONDS * 4 / 3,  # three questions, and time to answer the last
    )
