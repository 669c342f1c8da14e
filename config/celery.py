"""The Celery app: `celery -A config worker` and `celery -A config beat`.

The database row is the queue; a message only rings the bell. So no result is kept, a lost message
costs one sweep, and a message delivered twice finds nothing left to do.
"""

import os
import signal
from typing import Any

from celery import Celery
from celery.bootsteps import StartStopStep
from celery.concurrency.thread import TaskPool as Threads
from celery.signals import (
    beat_init,
    before_task_publish,
    task_postrun,
    task_prerun,
    worker_process_init,
    worker_ready,
    worker_shutting_down,
)
from django.conf import settings

from config.database import limit_statements
from config.env import notify_socket
from config.supervisor.lifeline import die_with_parent
from config.watchdog import PULSE, BusySigns, OutageSigns, Pulse, notify

LONGEST_SHUTDOWN = 10  # seconds; a supervisor may wait a little longer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# It would run Django's checks whenever a worker or beat starts, and throw away what they find.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

app = Celery("imports")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(lambda: settings.INSTALLED_APPS)


@worker_ready.connect
def sweep_at_once(**_: Any) -> None:
    """Sweep as soon as the worker is ready: beat's first tick comes a whole interval later."""
    app.send_task("imports_app.sweep")


@beat_init.connect
def give_signs_of_life(**_: Any) -> None:
    """Have beat give a sign of life whenever it sends, or tries to send; sweep at once, too."""
    if notify_socket():
        OutageSigns(app).start()
    before_task_publish.connect(notify_on_signal, weak=False)
    app.send_task("imports_app.sweep", kwargs={"beat": True})


def notify_on_signal(**_: Any) -> None:
    """Give a sign of life when Celery sends a signal."""
    notify()


@app.task(name=PULSE)
def pulse() -> None:
    """Come back to the worker that sent it, whose pool gives the sign of life."""


class ListenToItself(StartStopStep):
    """Have a worker that is watched consume the messages that it sends to itself.

    It starts after the pool, whose processes can't be forked while a thread imports modules, and
    before the consumer, which waits as long as the broker is away.
    """

    requires = ("celery.worker.components:Pool",)

    def include_if(self, parent: Any) -> bool:
        return bool(notify_socket())

    def start(self, parent: Any) -> None:
        pulse = Pulse(app, parent.hostname)
        app.amqp.queues.select_add(pulse.queue)
        pulse.start()


app.steps["worker"].add(ListenToItself)


class PrepareThreads(StartStopStep):
    """Prepare the one process of a thread pool; for processes of other pools there is a signal."""

    requires = ("celery.worker.components:Pool",)

    def include_if(self, parent: Any) -> bool:
        return issubclass(parent.pool_cls, Threads)

    def start(self, parent: Any) -> None:
        prepare(places=parent.concurrency)


app.steps["worker"].add(PrepareThreads)


@worker_process_init.connect
def prepare_process(**_: Any) -> None:
    """Prepare a process of the pool, which works on one task at a time."""
    prepare(places=1)


def prepare(*, places: int) -> None:
    """Prepare this process, which works on up to `places` tasks at a time.

    The database ends its statements after a while, so that none holds its locks forever.
    """
    limit_statements(settings.DATABASES["default"])
    if notify_socket():
        give_signs_during_tasks(BusySigns(places))


def give_signs_during_tasks(signs: BusySigns) -> None:
    """Give signs of life while tasks take all places, and at each task's end."""
    signs.start()
    task_prerun.connect(lambda **_: signs.begin(), weak=False)
    task_postrun.connect(lambda **_: signs.end(), weak=False)


@worker_process_init.connect
def end_with_worker(**_: Any) -> None:
    """End this process of the pool when its worker is killed."""
    die_with_parent(os.getppid())


@worker_shutting_down.connect
def limit_shutdown(**_: Any) -> None:
    """Have the kernel end a worker whose shutdown hangs; no import is lost by that.

    While a worker shuts down, Celery no longer looks after its pool. If a process of the pool was
    killed just before, the worker would wait for that process's task forever.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(LONGEST_SHUTDOWN)
