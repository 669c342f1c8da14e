"""The command `python -m config.web`."""

import os
from pathlib import Path

from django.conf import settings

from config.env import value
from config.web.listener import listener, raise_file_limit
from config.web.master import Master


def main() -> None:
    """Serve until a signal says to end."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    raise_file_limit()
    # Loaded before the fork, so that errors show here and the processes share the memory.
    from config.wsgi import application  # noqa: PLC0415, I001  (sets Django up)
    from config.web.worker import Limits, Worker  # noqa: PLC0415

    processes = value("IMPORTS_WEB_PROCESSES")
    remove_leftovers(settings.SPOOL_DIR)
    limits = Limits(
        threads=value("IMPORTS_WEB_THREADS"),
        connections=value("IMPORTS_WEB_CONNECTIONS"),
        spool_bytes=value("IMPORTS_SPOOL_BYTES") // processes,
        folder=settings.SPOOL_DIR,
        access_log=value("IMPORTS_ACCESS_LOG"),
    )
    socket = listener(value("IMPORTS_BIND"), value("PORT"))
    Master(Worker(application, socket, limits).run, processes).run()


def remove_leftovers(folder: Path) -> None:
    """Remove the files that a killed process left behind; called before others make new ones."""
    for file in folder.iterdir():
        file.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
