"""The default of CELERY_BROKER_URL, and the options that go with it."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from config.sockets import BROKER, socket_in

SOCKET = "redis+socket://"  # kombu's name for a Redis on a Unix socket; redis-py calls it unix://


def embedded_url(data_dir: Path) -> str:
    """Return where the Valkey of this data directory listens once `make run` has started it."""
    return SOCKET + quote(str(socket_in(data_dir, BROKER)))


def redis_py_url(url: str) -> str:
    """Return the broker's URL as redis-py writes it, or an empty string if it isn't Redis."""
    if url.startswith(SOCKET):
        return "unix://" + url.removeprefix(SOCKET)
    return url if url.startswith(("redis://", "rediss://")) else ""


def transport_options(url: str, visibility_timeout: float) -> dict[str, Any]:
    """Return options under which a worker wakes quickly and a publisher never waits long.

    A publish inside a request gives up after a second or two; the sweep rings again.
    `visibility_timeout`, in seconds, has to exceed the longest task: after it Redis delivers
    an unacknowledged message again.
    """
    if not redis_py_url(url):
        return {}
    return {
        "visibility_timeout": visibility_timeout,
        "socket_connect_timeout": 1,
        "socket_timeout": 2,
        "max_retries": 0,
    }
