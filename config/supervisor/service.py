"""The service from start to end: prepare, start, import the sample, welcome, serve.

Importing this module needs Django set up.
"""

import contextlib
import logging
import sys
from pathlib import Path

from django.conf import settings
from django.db import connections

from config.supervisor.first_run import check, ensure_client, ensure_staff_user, migrate
from config.supervisor.processes import children
from config.supervisor.sample import SampleImports, Site
from config.supervisor.supervisor import Supervisor
from config.supervisor.welcome import sample_report, welcome
from imports_app.management.output import flushed
from imports_app.telemetry.metrics import forget

logger = logging.getLogger("supervisor")

READY_SECONDS = 60.0  # between two log lines that say what the service waits for
SAMPLE_SECONDS = 60.0


def serve(host: str, port: int, sockets: Path) -> None:
    """Run the service until a signal comes. Raise CannotStart if something is wrong with it.

    `sockets` is the folder of this service's sockets.
    """
    check()
    migrate()
    forget()
    password = ensure_staff_user(settings.KEYS_DIR)
    clients = {mode: ensure_client(settings.KEYS_DIR, mode) for mode in ("test", "live")}
    release_connections()
    site = Site(host, port)
    with Supervisor(children(site, sockets)) as supervisor:
        wait_until_ready(supervisor, site)
        if settings.IMPORTS_SAMPLE:
            run_sample(supervisor, SampleImports(site, clients["test"]))
        say(welcome(site.url, password, clients))
        supervisor.serve()


def wait_until_ready(supervisor: Supervisor, site: Site) -> None:
    """Wait, however long it takes: the machine may be slow, or an external broker down."""
    while not supervisor.wait_for(site.is_ready, READY_SECONDS):
        logger.warning("Not ready yet: %s.", site.what_is_missing())


def release_connections() -> None:
    """Close connections, which a fork would share, and end the threads of a pool."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]


def run_sample(supervisor: Supervisor, sample: SampleImports) -> None:
    """Import the sample and show the outcome. A failure is logged, and the service goes on."""
    try:
        sample.post()
        if supervisor.wait_for(sample.are_final, SAMPLE_SECONDS):
            say(sample_report(sample.documents))
        else:
            logger.error("The sample imports are not done after %.0f s.", SAMPLE_SECONDS)
    except (OSError, KeyError, ValueError):
        logger.exception("The sample could not be imported.")


def say(text: str) -> None:
    """Print for whoever has started the service, which goes on if nobody reads it."""
    with contextlib.suppress(BrokenPipeError), flushed():
        sys.stdout.write(text)
