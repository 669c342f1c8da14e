"""Does harm at random moments, and counts it."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random

from kombu.exceptions import OperationalError

from tests.acceptance.processes import Process
from tests.torture.backends import Backend, ring, unsubscribe
from tests.torture.clients import Client
from tests.torture.deliveries import Receiver
from tests.torture.fleet import Fleet, kill_child, kill_family, stand_still

PAUSES = (0.1, 1.5)  # seconds between two disturbances, at least and at most
DOUBLE_PAUSE = 0.2
ENDURED = 12  # disturbances at the most until each client has had an import done


class Disturber:
    """To be called often, by the thread that tends the fleet; does something when it is time.

    Attributes:
        counts: how often each kind of harm was done.
    """

    def __init__(
        self,
        fleet: Fleet,
        backend: Backend,
        clients: Sequence[Client],
        receiver: Receiver,
        random: Random,
    ) -> None:
        self._fleet = fleet
        self._clients = clients
        self._random = random
        self._broker = backend.broker()
        self._goals = backend.goals
        self._began = time.monotonic()
        self._next = self._next_ring = 0.0
        self._created = [0 for _ in clients]
        self._endured = 0
        self.counts: Counter[str] = Counter()
        # Weighted: what is quickly repaired comes more often.
        self._kinds: dict[str, tuple[int, Callable[[], bool]]] = {
            "child kills": (8, self._to_worker(self._kill_child)),
            "worker kills": (3, self._to_worker(kill_family)),
            "terms": (2, self._to_worker(fleet.end)),
            "web kills": (2, self._kill_web),
            "beat kills": (2, lambda: kill_family(fleet.beat)),
            "sender kills": (4, self._to_one_of(fleet.senders, kill_family)),
            "receiver kills": (2, lambda: receiver.kill(random)),
            "stopped workers": (1, self._to_worker(self._stop)),
            "unsubscribed workers": (1, self._to_worker(self._unsubscribe)),
            **{name: (1, self._loss(loss)) for name, loss in backend.losses().items()},
        }

    def __call__(self) -> None:
        now = time.monotonic()
        if now >= self._next_ring:
            self._ring()
            self._next_ring = now + DOUBLE_PAUSE
        if now >= self._next and not self._is_too_much():
            self._do_harm()
            self._next = time.monotonic() + self._random.uniform(*PAUSES)

    def did_some_of_each(self) -> bool:
        """Whether nothing that has to be done was left out so far."""
        return all(goal.done(self.counts) for goal in self._goals)

    def _is_too_much(self) -> bool:
        """Whether to wait until something gets done: processes start slowly on a slow machine.

        A client creates one for each that is done. It says so if that doesn't even happen now.
        """
        created = [len(client.created) for client in self._clients]
        if all(now > before for now, before in zip(created, self._created, strict=True)):
            self._created, self._endured = created, 0
        return self._endured >= ENDURED

    def _do_harm(self) -> None:
        names = self._behind() or list(self._kinds)
        weights = [self._kinds[name][0] for name in names]
        (name,) = self._random.choices(names, weights)
        if self._kinds[name][1]():
            self.counts[name] += 1
            self._endured += 1

    def _behind(self) -> Sequence[str]:
        """The kinds of harm of a goal that would be missed if it went on like this."""
        seconds = time.monotonic() - self._began
        late = [goal for goal in self._goals if goal.done(self.counts) <= goal.by(seconds)]
        return self._random.choice(late).kinds if late else ()

    def _ring(self) -> None:
        """Now and then workers hear what they have heard before."""
        try:
            ring(self._broker)
        except (OperationalError, OSError):  # the broker is away
            return
        self.counts["extra messages"] += 3

    def _to_worker(self, harm: Callable[[Process], bool]) -> Callable[[], bool]:
        return self._to_one_of(self._fleet.workers, harm)

    def _to_one_of(
        self, processes: Sequence[Process], harm: Callable[[Process], bool]
    ) -> Callable[[], bool]:
        def do() -> bool:
            at_work = self._fleet.at_work(processes)
            return bool(at_work) and harm(self._random.choice(at_work))

        return do

    def _stop(self, worker: Process) -> bool:
        return self._fleet.deafen(worker, stand_still)

    def _unsubscribe(self, worker: Process) -> bool:
        def harm(worker: Process) -> None:
            try:
                unsubscribe(self._broker, *self._fleet.queues_of(worker))
            except (OperationalError, OSError):  # the broker is away
                stand_still(worker)

        return self._fleet.deafen(worker, harm)

    def _kill_child(self, worker: Process) -> bool:
        return kill_child(worker, self._random.random())

    def _kill_web(self) -> bool:
        """Kill it in the middle of a request, if one comes soon."""
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline:
            if any(client.in_flight for client in self._clients):
                time.sleep(self._random.uniform(0, 0.03))
                return kill_family(self._fleet.web)
            time.sleep(0.001)
        return False

    @staticmethod
    def _loss(loss: Callable[[], None]) -> Callable[[], bool]:
        def lose() -> bool:
            loss()
            return True

        return lose
