"""DATABASE_URL to Django's connection settings."""

from pathlib import Path
from typing import Any

from config.env import env, value

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # with NORMAL a power cut could lose an import that was answered
    "PRAGMA cache_size=-65536",  # KiB
    "PRAGMA wal_autocheckpoint=10000",  # pages; at 1,000 a bulk import checkpoints all the time
    "PRAGMA temp_store=MEMORY",
)
# libpq's: a server that is gone is noticed within a minute, whatever the kernel's defaults.
KEEPALIVES = {
    "keepalives_idle": 30,  # seconds
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,  # milliseconds
}


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
        return config
    config["OPTIONS"] = KEEPALIVES | options | {"options": _parameters(options)}
    if value("DATABASE_POOL"):
        config["OPTIONS"]["pool"] = {"max_size": value("DATABASE_POOL_SIZE")}
    else:
        config |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    return config


def limit_statements(config: dict[str, Any]) -> None:
    """Has PostgreSQL end any statement of this process after DATABASE_STATEMENT_SECONDS.

    For workers, before they connect: a migration may take longer.
    """
    if "sqlite3" not in config["ENGINE"]:
        milliseconds = 1_000 * value("DATABASE_STATEMENT_SECONDS")
        config["OPTIONS"]["options"] += f" -c statement_timeout={milliseconds}"


def _parameters(options: dict[str, Any]) -> str:
    """What PostgreSQL does about a client that is gone; what DATABASE_URL says counts more.

    The host of a worker may vanish without a word. Its connection, and the locks of its
    transaction, would stay for hours.
    """
    limits = {
        "tcp_keepalives_idle": KEEPALIVES["keepalives_idle"],
        "tcp_keepalives_interval": KEEPALIVES["keepalives_interval"],
        "tcp_keepalives_count": KEEPALIVES["keepalives_count"],
        "tcp_user_timeout": KEEPALIVES["tcp_user_timeout"],
        "idle_in_transaction_session_timeout": 1_000 * value("DATABASE_IDLE_SECONDS"),
    }
    ours = " ".join(f"-c {name}={limit}" for name, limit in limits.items())
    return f"{ours} {options.get('options', '')}".strip()
