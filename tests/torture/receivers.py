"""Receivers that fail, hang and hang up, and senders that are killed.

`python -m tests.torture.receivers` runs for a while on the embedded default, or with
TEST_BACKEND=postgresql on PostgreSQL and Redis, and prints what became of every callback. It ends
with 1 if one was lost: neither answered with a 2xx, nor recorded as given up or not sent.
"""

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event, Lock
from typing import Any
from uuid import uuid4

from tests import servers
from tests.acceptance.api import Api
from tests.acceptance.conftest import own_database
from tests.acceptance.processes import eventually
from tests.acceptance.stack import SENDER, Stack
from tests.receiver import answer, receiving

SECONDS = float(os.environ.get("SECONDS", "120"))
TOPICS = ("imports.create", "imports.start", "imports.complete")
SENDERS = 3
MAKE_DUE = """
from django.utils import timezone
from imports_app.models import Event, EventCallback, Webhook
Webhook.objects.update(circuit_opened_at=None, circuit_failure_count=0)
EventCallback.objects.filter(status="pending").update(due_at=timezone.now())
waiting = Event.objects.filter(passed_on=False).count()
print(waiting + EventCallback.objects.filter(status="pending").count())
"""


class Moody:
    """Answers by chance.

    Attributes:
        taken: how often each callback was answered with a 2xx.
        moods: how often it did what.
    """

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.moods: Counter[str] = Counter()
        self.calm = Event()
        self._lock = Lock()

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        mood = "takes" if self.calm.is_set() else random.choices(*zip(*MOODS, strict=True))[0]
        with self._lock:
            self.moods[mood] += 1
        if mood == "hangs":
            self.calm.wait(7)
        elif mood == "fails":
            answer(handler, 500)
        elif mood == "takes":
            answer(handler, 204)
            with self._lock:
                self.taken[handler.headers["webhook-id"]] += 1


MOODS = [("takes", 70), ("fails", 15), ("hangs", 5), ("hangs up", 10)]


@contextmanager
def environment() -> Iterator[Mapping[str, str]]:
    if os.environ.get("TEST_BACKEND") == "postgresql":
        with own_database(servers.redis_url()) as found:
            yield found
    else:
        yield {}


def everything(client: Api, path: str) -> Iterator[Any]:
    """Yield each resource of a listing."""
    url = f"{path}?sort=created_at&page[size]=100"
    while url:
        document = client.get(url).document
        yield from document["data"]
        url = (document["links"]["next"] or "").removeprefix(client.url)


def torture(stack: Stack, client: Api, moody: Moody) -> int:
    """Kill senders while imports are made; return how often."""
    queue = stack.environment.get("CELERY_TASK_DEFAULT_QUEUE", "imports")
    log = Path(stack.environment["IMPORTS_DATA_DIR"]) / "sender.log"
    name = SENDER.index("sender@%h")
    senders = [
        stack.process(
            log, *SENDER[:name], f"sender{n}@%h", *SENDER[name + 1 :], f"{queue}-callbacks"
        )
        for n in range(SENDERS)
    ]
    kills, end = 0, time.monotonic() + SECONDS
    for sender in senders:
        sender.start()
    try:
        while time.monotonic() < end:
            for _ in range(5):
                client.create_import("skus", [{"code": str(uuid4()), "name": "Mug"}])
            time.sleep(random.uniform(1, 6))  # some are killed before they are up, some at work
            victim = random.choice(senders)
            victim.kill()
            victim.start()
            kills += 1
        moody.calm.set()
        eventually(lambda: "\n0" in f"\n{stack.manage('shell', '-v', '0', '-c', MAKE_DUE)}", "done")
    finally:
        for sender in senders:
            sender.stop()
    return kills


def judged(client: Api, moody: Moody) -> dict[str, Any]:
    """Say what became of the callbacks, and which are lost."""
    due = Counter(each["attributes"]["name"] for each in everything(client, "/api/events"))
    callbacks = list(everything(client, "/api/event_callbacks"))
    statuses = Counter(each["attributes"]["status"] for each in callbacks)
    lost = [
        each["id"]
        for each in callbacks
        if each["attributes"]["status"] == "pending"
        or (each["attributes"]["status"] == "sent" and not moody.taken[each["id"]])
    ]
    return {
        "events": due,
        "callbacks": len(callbacks),
        "lost": len(lost) + abs(due.total() - len(callbacks)),
        "doubled": sum(count > 1 for count in moody.taken.values()),
        "statuses": statuses,
        "receiver": moody.moods,
    }


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    moody = Moody()
    with (
        tempfile.TemporaryDirectory(prefix="imports-receivers-") as folder,
        environment() as more,
        receiving() as receiver,
    ):
        receiver.respond = moody
        stack = Stack(Path(folder), {"IMPORTS_RATE_LIMIT": "1000000", **more})
        try:
            stack.start()
            client = stack.client()
            for topic in TOPICS:
                attributes = {"topic": topic, "callback_url": receiver.url}
                body = {"data": {"type": "webhooks", "attributes": attributes}}
                assert client.post("/api/webhooks", body).status == 201
            kills = torture(stack, client, moody)
            found = {"kills": kills, **judged(client, moody)}
        finally:
            stack.stop()
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return int(bool(found["lost"]))


if __name__ == "__main__":
    sys.exit(main())
