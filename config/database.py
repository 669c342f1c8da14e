"""DATABASE_URL to Django's connection settings."""

from pathlib import Path
from typing import Any

from config.env import env, positive_int

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # with NORMAL a power cut could lose an import that was answered
    "PRAGMA cache_size=-65536",  # KiB
    "PRAGMA wal_autocheckpoint=10000",  # pages; at 1,000 a bulk import checkpoints all the time
    "PRAGMA temp_store=MEMORY",
)


def database(data_dir: Path) -> dict[str, Any]:
    """The default database: DATABASE_URL, or SQLite in the data directory."""
    config: dict[str, Any] = env.db_url(
        "DATABASE_URL", default=f"sqlite:///{data_dir / 'db.sqlite3'}"
    )
    options = config.setdefault("OPTIONS", {})
    if config["ENGINE"] == "django.db.backends.sqlite3":
        # IMMEDIATE: a transaction that reads first and then writes would fail at once when
        # another wrote in between, however long the timeout.
        options |= {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": ";".join(SQLITE_PRAGMAS),
        }
    elif env.bool("DATABASE_POOL", default=False):
        options["pool"] = {"max_size": positive_int("DATABASE_POOL_SIZE", 8)}
    else:
        config |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    return config
