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
from config.watchdog import PULSE, AtWork, Excuse, Pulse, notify

LONGEST_SHUTDOWN = 10  # seconds; a supervisor may wait a little longer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# It would run Django's checks whenever a worker or beat starts, and throw away what they find.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

app = Celery("imports")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(lambda: settings.INSTALLED_APPS)


@worker_ready.connect
def sweep_at_once(**_: Any) -> None:
    """Look for work, and be seen, now: the first tick of beat comes an interval later."""
    app.send_task("imports_app.sweep")


@beat_init.connect
def give_signs_of_life(**_: Any) -> None:
    """Have beat tell that it lives as long as it sends, or tries to; sweep now, as above."""
    if notify_socket():
        Excuse(app).start()
    before_task_publish.connect(tell, weak=False)
    app.send_task("imports_app.sweep", kwargs={"beat": True})


def tell(**_: Any) -> None:
    """Give a sign of life when a signal comes."""
    notify()


@app.task(name=PULSE)
def pulse() -> None:
    """Come back to the worker that sent it. That it does is the sign of life."""


class ListenToItself(StartStopStep):
    """Have the worker take the messages that it sends to itself, where somebody watches it.

    Started behind the pool, whose processes can't be forked while a thread imports modules, and
    ahead of the consumer, which waits for a broker that is away.
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
    """Do once for a pool of threads what is done in each process of another pool.

    Celery has a signal for those only.
    """

    requires = ("celery.worker.components:Pool",)

    def include_if(self, parent: Any) -> bool:
        return issubclass(parent.pool_cls, Threads)

    def start(self, parent: Any) -> None:
        prepare(places=parent.concurrency)


app.steps["worker"].add(PrepareThreads)


@worker_process_init.connect
def prepare_process(**_: Any) -> None:
    """Get a process of the pool ready for its tasks, which come one after the other."""
    prepare(places=1)


def prepare(*, places: int) -> None:
    """Get a process ready for tasks, of which it does so many side by side.

    None of its statements holds its locks for good.
    """
    limit_statements(settings.DATABASES["default"])
    if notify_socket():
        tell_of_tasks(AtWork(places))


def tell_of_tasks(at_work: AtWork) -> None:
    """Give signs of life for each task, from its beginning to its end."""
    at_work.start()
    task_prerun.connect(lambda **_: at_work.begin(), weak=False)
    task_postrun.connect(lambda **_: at_work.end(), weak=False)


@worker_process_init.connect
def end_with_worker(**_: Any) -> None:
    """Keep no pool process whose worker was killed."""
    die_with_parent(os.getppid())


@worker_shutting_down.connect
def end_in_any_case(**_: Any) -> None:
    """Have the kernel end a worker that doesn't get done: no import is lost by that.

    Celery's pool is no longer looked after while a worker shuts down. When a process of it was
    killed just before, the worker would wait for what that one had in hand, forever.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(LONGEST_SHUTDOWN)
