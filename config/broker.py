"""CELERY_BROKER_URL to kombu's transport options."""

from pathlib import Path
from typing import Any

from kombu.transport import TRANSPORT_ALIASES

from config.keys import private_folder

EMBEDDED = "embedded://localhost"

TRANSPORT_ALIASES["embedded"] = "config.embedded:Transport"


def transport_options(url: str, data_dir: Path, visibility_timeout: float) -> dict[str, Any]:
    """Options under which a worker wakes quickly and a publisher never waits long.

    `visibility_timeout`, in seconds, has to exceed the longest task: after it Redis delivers
    an unacknowledged message again.
    """
    if url == EMBEDDED:
        return _embedded(data_dir / "broker")
    if url.startswith(("redis://", "rediss://")):
        return _redis(visibility_timeout)
    return {}


def _embedded(folder: Path) -> dict[str, Any]:
    """Folders in which web and worker pass messages as files; kombu doesn't make them."""
    messages, control = folder / "messages", folder / "control"
    for path in (messages, control):
        private_folder(path)
    return {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
        "polling_interval": 0.1,  # seconds; kombu's default of 1 is what a small import would wait
    }


def _redis(visibility_timeout: float) -> dict[str, Any]:
    """A publish inside a request gives up after a second or two; the sweep rings again."""
    return {
        "visibility_timeout": visibility_timeout,
        "socket_connect_timeout": 1,
        "socket_timeout": 2,
        "max_retries": 0,
    }
