"""The entry point. If the service can't start, it says why in one line."""

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

    Returns the exit code: 0 if the service was told to end, 1 if it can't start, 130 if it was
    interrupted while it started.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.umask(OTHERS)  # its processes inherit it, so that nobody else can read what they write
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
