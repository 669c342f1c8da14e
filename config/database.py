"""DATABASE_URL to Django's connection settings."""

from pathlib import Path
from typing import Any

from config.env import env, value
from config.keys import private_file
from config.postgresql.patience import patience

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
SQLITE_WEB_SECONDS = 5  # that a request waits for another writer
STATEMENT_GRACE = 60  # seconds that the server has to end a statement


def database(data_dir: Path) -> dict[str, Any]:
    """Return the default database: DATABASE_URL, or SQLite in the data directory."""
    config: dict[str, Any] = env.db_url(
        "DATABASE_URL", default=f"sqlite:///{data_dir / 'db.sqlite3'}"
    )
    options = config.setdefault("OPTIONS", {})
    if config["ENGINE"] == "django.db.backends.sqlite3":
        if not env.str("DATABASE_URL", default=""):
            private_file(Path(config["NAME"]))  # what SQLite adds to it gets the same rights
        # IMMEDIATE: a transaction that reads first and then writes would fail at once when
        # another wrote in between, however long the timeout.
        options |= {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": ";".join(SQLITE_PRAGMAS),
        }
        # The first connection makes a file beside the database, for which a full disk has no room.
        return config | {"CONN_MAX_AGE": None}
    config["ENGINE"] = "config.postgresql"
    config["OPTIONS"] = KEEPALIVES | options | {"transaction": _limits()}
    if value("DATABASE_POOL"):
        config["OPTIONS"]["pool"] = {"max_size": value("DATABASE_POOL_SIZE")}
    else:
        config |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    return config


def limit_statements(config: dict[str, Any]) -> None:
    """Have PostgreSQL end any statement of this process after DATABASE_STATEMENT_SECONDS.

    For workers, before they connect: a migration may take longer. A server that doesn't even do
    that has stopped, and is waited for no longer.
    """
    if "sqlite3" not in config["ENGINE"]:
        seconds = value("DATABASE_STATEMENT_SECONDS")
        config["OPTIONS"]["transaction"]["statement_timeout"] = 1_000 * seconds
        patience.seconds = seconds + STATEMENT_GRACE


def limit_waits(config: dict[str, Any]) -> None:
    """Have requests give up when the database doesn't answer. For the web, before it connects."""
    if "sqlite3" in config["ENGINE"]:
        config["OPTIONS"]["timeout"] = SQLITE_WEB_SECONDS
        return
    patience.seconds = value("DATABASE_WAIT_SECONDS")
    patience.threads = value("IMPORTS_WEB_THREADS")


def _limits() -> dict[str, Any]:
    """Return what PostgreSQL does about a client that is gone, in its transactions.

    The host of a worker may vanish without a word. Its connection, and the locks of its
    transaction, would stay for hours.
    """
    return {
        "idle_in_transaction_session_timeout": 1_000 * value("DATABASE_IDLE_SECONDS"),
        "tcp_user_timeout": KEEPALIVES["tcp_user_timeout"],
    }
