"""Webhooks under torture: who has to be told of what, and what became of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

from tests.acceptance.api import Api
from tests.acceptance.processes import Process, clean_environment, eventually
from tests.servers import free_port
from tests.torture.receiver import TAKES

TOPICS = tuple(
    f"imports.{name}" for name in ("create", "start", "complete", "interrupt", "destroy")
)
DEAD_SECONDS = 3.0  # at the most, until a receiver is started again
RECORDED = {"failed": "given up", "not_sent": "not sent"}


class Receiver:
    """The receiver's process, and the webhooks that lead to it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "received.txt"
        self._file.touch()
        port = free_port()
        self._url = f"http://127.0.0.1:{port}/hook"
        command = ("tests.torture.receiver", str(port), str(self._file))
        log, environment = folder / "receiver.log", clean_environment()
        self._moody = Process(*command, environment=environment, log=log)
        self._calm = Process(*command, "calm", environment=environment, log=log)
        self._webhooks: list[tuple[Api, str]] = []
        self._dead_until = 0.0

    def subscribe(self, api: Api) -> None:
        """Have webhooks told of all that happens to imports of this client's mode."""
        for topic in TOPICS:
            attributes = {"topic": topic, "callback_url": self._url}
            answer = api.post(
                "/api/webhooks", {"data": {"type": "webhooks", "attributes": attributes}}
            )
            assert answer.status == 201, answer
            self._webhooks.append((api, answer.document["data"]["id"]))

    def tend(self) -> None:
        """Start it, again if it was killed; to be called often."""
        if self._moody.ended() and monotonic() >= self._dead_until:
            self._moody.start()

    def kill(self, random: Random) -> bool:
        """Kill it, and leave it dead for a while; returns whether it was alive."""
        if self._moody.ended():
            return False
        self._moody.kill()
        self._dead_until = monotonic() + random.uniform(0, DEAD_SECONDS)
        return True

    def calm(self) -> None:
        """From now on take everything, also from webhooks whose circuit has opened."""
        self._dead_until = float("inf")
        self._moody.stop()
        self._calm.start()
        for api, id_ in self._webhooks:
            eventually(partial(_reset, api, id_), "the circuit is reset")

    def stop(self) -> None:
        self._moody.stop()
        self._calm.stop()

    def received(self) -> list[list[str]]:
        """Of each request the callback's id, what was done with it, and the body's digest."""
        return [line.split() for line in self._file.read_text().splitlines()]


def _reset(api: Api, id_: str) -> bool:
    try:
        answer = api.patch(f"/api/webhooks/{id_}", "webhooks", id_, _reset_circuit=True)
    except OSError:
        return False
    return answer.status == 200


def all_told(api: Api) -> bool:
    """Whether all that happened in this mode was passed on, and no callback waits any more."""
    try:
        events = _count(api, "/api/events")
        waiting = "/api/event_callbacks?filter[q][status_eq]=pending"
        return events == _count(api, "/api/event_callbacks") and not _count(api, waiting)
    except OSError:
        return False


def _count(api: Api, path: str) -> int:
    answer = api.get(path)
    if answer.status != 200:
        raise OSError(answer.status)
    return int(answer.document["meta"]["record_count"])


def lost(outcome: Mapping[str, Any], received: Iterable[list[str]]) -> Iterator[str]:
    """Yield a line for each event that a webhook was to be told of, and which got lost."""
    taken = Counter(id_ for id_, mood, _ in received if mood == TAKES)
    made = {(event, webhook): (id_, *rest) for id_, event, webhook, *rest in outcome["callbacks"]}
    for event, webhook, name in _due(outcome):
        id_, status, tries = made.get((event, webhook), ("", "not passed on", 0))
        recorded = status in RECORDED or (status == "sent" and taken[id_])
        if not recorded:
            yield f"callback {id_} of {name} is lost: {status} after {tries} tries"


def _due(outcome: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    webhooks = defaultdict(list)
    for id_, mode, topic in outcome["webhooks"]:
        webhooks[mode, topic].append(id_)
    for id_, mode, _, name in outcome["events"]:
        yield from ((id_, webhook, name) for webhook in webhooks[mode, name])


def wrong(outcome: Mapping[str, Any], received: Iterable[list[str]]) -> Iterator[str]:
    """Yield a line for whatever else must not be, besides what is lost."""
    bodies: defaultdict[str, set[str]] = defaultdict(set)
    for id_, _, digest in received:
        bodies[id_].add(digest)
    yield from (f"callback {id_} changed between tries" for id_ in bodies if len(bodies[id_]) > 1)
    known = {id_ for id_, *_ in outcome["callbacks"]}
    yield from (f"callback {id_} is of no event" for id_ in bodies.keys() - known)
    pairs = Counter((event, webhook) for _, event, webhook, *_ in outcome["callbacks"])
    yield from (
        f"event {event} was passed on {n} times" for (event, _), n in pairs.items() if n > 1
    )


def missing_events(outcome: Mapping[str, Any], deleted: Iterable[str]) -> Iterator[str]:
    """Yield a line for each import whose events don't tell exactly what happened to it."""
    told = defaultdict(set)
    for _, _, import_id, name in outcome["events"]:
        told[import_id].add(name.removeprefix("imports."))
    gone = {*deleted}
    for each in outcome["imports"]:
        end = {"completed": "complete", "interrupted": "interrupt"}.get(each["status"], "")
        if told[each["id"]] != {"create", "start", end}:
            yield f"{each['label']}, {each['status']}: events {sorted(told[each['id']])}"
    for id_ in gone:
        if len(told[id_]) != 4 or "destroy" not in told[id_]:
            yield f"a deleted import: events {sorted(told[id_])}"


def figures(outcome: Mapping[str, Any], received: Iterable[list[str]]) -> dict[str, int]:
    """Return what is to be said of the callbacks."""
    requests = list(received)
    taken = Counter(id_ for id_, mood, _ in requests if mood == TAKES)
    statuses = Counter(status for _, _, _, status, _ in outcome["callbacks"])
    return {
        "due": sum(1 for _ in _due(outcome)),
        "made": statuses["sent"],
        **{name: statuses[status] for status, name in RECORDED.items()},
        "tries seen": len(requests),
        "doubled": sum(count > 1 for count in taken.values()),
        "lost": sum(1 for _ in lost(outcome, requests)),
    }
