"""The Celery app: `celery -A config worker -B`.

The database row is the queue; a message only rings the bell. So no result is kept, a lost message
costs one sweep, and a message delivered twice finds nothing left to do.
"""

import os
import signal
from typing import Any

from celery import Celery
from celery.signals import (
    beat_embedded_init,
    worker_process_init,
    worker_ready,
    worker_shutting_down,
)
from django.conf import settings

from config.database import limit_statements
from config.supervisor.lifeline import die_with_parent

LONGEST_SHUTDOWN = 10  # seconds; a supervisor may wait a little longer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("imports")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(lambda: settings.INSTALLED_APPS)


@worker_ready.connect
def sweep_at_once(**_: Any) -> None:
    """Look for work, and be seen, now: the first tick of beat comes an interval later."""
    app.send_task("imports_app.sweep")


@worker_process_init.connect
def end_long_statements(**_: Any) -> None:
    """Have no statement hold its locks for good; in the environment of workers only."""
    limit_statements(settings.DATABASES["default"])


@worker_process_init.connect
@beat_embedded_init.connect
def end_with_worker(**_: Any) -> None:
    """Keep no pool process or beat whose worker was killed."""
    die_with_parent(os.getppid())


@worker_shutting_down.connect
def end_in_any_case(**_: Any) -> None:
    """Have the kernel end a worker that doesn't get done: no import is lost by that.

    Celery's pool is no longer looked after while a worker shuts down. When a process of it was
    killed just before, the worker would wait for what that one had in hand, forever.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(LONGEST_SHUTDOWN)
