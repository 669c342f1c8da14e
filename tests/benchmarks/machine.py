"""What the numbers were measured on."""

import os
import platform
import sqlite3
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil
import psycopg

from tests.servers import postgresql_url, redis_url

PACKAGES = (
    "Django",
    "psycopg",
    "pydantic",
    "celery",
    "djangorestframework",
    "django-import-export",
)


def machine(backends: list[str]) -> dict[str, object]:
    """The machine, and the versions of all that takes part."""
    found: dict[str, object] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": platform.platform(),
        "load_before": os.getloadavg()[0],
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
        "sqlite": sqlite3.sqlite_version,
    }
    return found | (_servers() if "postgresql" in backends else {})


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _servers() -> dict[str, object]:
    import redis

    with psycopg.connect(postgresql_url()) as server:
        settings = {
            name: server.execute(f"SHOW {name}").fetchone()
            for name in ("server_version", "fsync", "synchronous_commit", "shared_buffers")
        }
    with redis.Redis.from_url(redis_url()) as connection:
        redis_version = connection.info("server")["redis_version"]
    shown = {name: value[0] if value else None for name, value in settings.items()}
    return {"postgresql": shown, "redis": redis_version}
