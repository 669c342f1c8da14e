"""Turns DATABASE_URL into Django's connection settings."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.env import env, value
from config.keys import private_file

if TYPE_CHECKING:
    from config.postgresql.patience import Patience

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # with NORMAL, a power cut could lose an import after its 201
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
SQLITE_WEB_SECONDS = 5  # how long a request waits for another writer
STATEMENT_GRACE = 60  # seconds that the server gets to end a statement


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
        # Connections are kept: a new one may have to create a file beside the database, for which
        # a full disk has no room.
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

    Workers call it before they connect; migrations may take longer. A server that doesn't even end
    the statement has hung, and is no longer waited for.
    """
    if "sqlite3" not in config["ENGINE"]:
        seconds = value("DATABASE_STATEMENT_SECONDS")
        config["OPTIONS"]["transaction"]["statement_timeout"] = 1_000 * seconds
        _patience().seconds = seconds + STATEMENT_GRACE


def limit_waits(config: dict[str, Any]) -> None:
    """Have requests give up on a silent database. Web processes call it before they connect."""
    if "sqlite3" in config["ENGINE"]:
        config["OPTIONS"]["timeout"] = SQLITE_WEB_SECONDS
        return
    patience = _patience()
    patience.seconds = value("DATABASE_WAIT_SECONDS")
    patience.threads = value("IMPORTS_WEB_THREADS")


def _patience() -> "Patience":
    """Return that of this process; on SQLite it is not asked for, and the driver not loaded."""
    from config.postgresql.patience import patience  # noqa: PLC0415  (takes a tenth of a start)

    return patience


def _limits() -> dict[str, Any]:
    """Return the server parameters that end the transactions of a client that is gone.

    A worker's host may disappear without closing its connections. They, and the locks of their
    transactions, would stay for hours.
    """
    return {
        "idle_in_transaction_session_timeout": 1_000 * value("DATABASE_IDLE_SECONDS"),
        "tcp_user_timeout": KEEPALIVES["tcp_user_timeout"],
    }
