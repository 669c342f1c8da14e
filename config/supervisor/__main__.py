"""The entry point: says in one line why the service can't start, if so."""

import os
import signal
import sys

import django
from django.core.exceptions import ImproperlyConfigured

from config.env import DATA_DIR, value
from config.keys import OTHERS
from config.supervisor.requirements import CannotStart, require_free, require_writable, sole_use


def main() -> int:
    """Serve until a signal comes.

    Returns the exit code: 0 for a service that was told to end, 1 for one that can't start, 130 for
    one that was interrupted while it started.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.umask(OTHERS)  # its processes have it too, so that nobody else reads what they write
    try:
        host, port = value("IMPORTS_BIND"), value("PORT")
        require_writable(DATA_DIR)
        with sole_use(DATA_DIR) as sockets:
            require_free(host, port)
            django.setup()
            from config.supervisor.service import serve  # noqa: PLC0415  (needs Django set up)

            serve(host, port, sockets)
    except (CannotStart, ImproperlyConfigured) as reason:
        sys.stderr.write(f"Can't start: {reason}\n")
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 0


if __name__ == "__main__":
    sys.exit(main())
