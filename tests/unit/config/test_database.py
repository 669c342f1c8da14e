import sqlite3
from pathlib import Path

import pytest

from config.database import (
    KEEPALIVES,
    SQLITE_WEB_SECONDS,
    STATEMENT_GRACE,
    database,
    limit_statements,
    limit_waits,
)
from config.postgresql.patience import patience

POSTGRESQL = "postgresql://imports:secret@db.example:5433/imports?sslmode=require"


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "DATABASE_URL",
        "DATABASE_POOL",
        "DATABASE_POOL_SIZE",
        "DATABASE_IDLE_SECONDS",
        "DATABASE_STATEMENT_SECONDS",
        "DATABASE_WAIT_SECONDS",
        "IMPORTS_WEB_THREADS",
    ):
        monkeypatch.delenv(name, raising=False)


def test_without_a_url_it_is_sqlite_in_the_data_directory(tmp_path: Path) -> None:
    config = database(tmp_path)

    assert config["ENGINE"] == "django.db.backends.sqlite3"
    assert config["NAME"] == str(tmp_path / "db.sqlite3")
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_only_the_owner_can_read_what_sqlite_writes(tmp_path: Path) -> None:
    """In a folder, too, that was there before and that everybody can read."""
    tmp_path.chmod(0o755)

    connection = sqlite3.connect(database(tmp_path)["NAME"])
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE made (id)")

    files = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    connection.close()
    assert files == dict.fromkeys(("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm"), 0o600)


def test_a_database_that_others_can_read_is_closed_to_them(tmp_path: Path) -> None:
    (path := tmp_path / "db.sqlite3").touch(0o644)

    database(tmp_path)

    assert path.stat().st_mode & 0o777 == 0o600


def test_sqlite_runs_in_wal_mode(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "db.sqlite3")
    for statement in database(tmp_path)["OPTIONS"]["init_command"].split(";"):
        connection.execute(statement)

    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    connection.close()


def test_postgresql_keeps_its_connections_and_the_options_of_its_url(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", POSTGRESQL)

    config = database(tmp_path)

    assert (config["HOST"], config["PORT"], config["NAME"]) == ("db.example", 5433, "imports")
    assert config["OPTIONS"]["sslmode"] == "require"
    assert config["CONN_MAX_AGE"] > 0
    assert config["CONN_HEALTH_CHECKS"]


def test_a_pool_takes_the_place_of_kept_connections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", POSTGRESQL)
    monkeypatch.setenv("DATABASE_POOL", "true")
    monkeypatch.setenv("DATABASE_POOL_SIZE", "3")

    config = database(tmp_path)

    assert config["OPTIONS"]["pool"] == {"max_size": 3}
    assert "CONN_MAX_AGE" not in config  # Django refuses both at once


def test_postgresql_lets_go_of_a_client_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", POSTGRESQL)
    monkeypatch.setenv("DATABASE_IDLE_SECONDS", "7")

    options = database(tmp_path)["OPTIONS"]

    assert options.items() >= KEEPALIVES.items()
    at_server = options["transaction"]
    assert at_server["idle_in_transaction_session_timeout"] == 7000
    assert at_server["tcp_user_timeout"] == 60_000
    assert "statement_timeout" not in at_server


def test_a_pooler_is_asked_for_no_parameter_at_its_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", POSTGRESQL)

    assert "options" not in database(tmp_path)["OPTIONS"]


def test_options_in_the_url_take_precedence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = "&keepalives_idle=5&options=-c%20tcp_keepalives_idle%3D5"
    monkeypatch.setenv("DATABASE_URL", POSTGRESQL + own)

    options = database(tmp_path)["OPTIONS"]

    assert str(options["keepalives_idle"]) == "5"
    assert options["options"] == "-c tcp_keepalives_idle=5"


def test_statements_of_workers_have_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "seconds", None)
    monkeypatch.setenv("DATABASE_URL", POSTGRESQL)
    monkeypatch.setenv("DATABASE_STATEMENT_SECONDS", "9")
    config = database(tmp_path)

    limit_statements(config)

    assert config["OPTIONS"]["transaction"]["statement_timeout"] == 9000
    assert patience.seconds == 9 + STATEMENT_GRACE


def test_requests_wait_for_postgresql_for_a_while_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "seconds", None)
    monkeypatch.setattr(patience, "threads", None)
    monkeypatch.setenv("DATABASE_URL", POSTGRESQL)
    monkeypatch.setenv("DATABASE_WAIT_SECONDS", "4")
    monkeypatch.setenv("IMPORTS_WEB_THREADS", "3")

    limit_waits(database(tmp_path))

    assert (patience.seconds, patience.threads) == (4, 3)


def test_requests_wait_for_another_writer_of_sqlite_for_a_while_only(tmp_path: Path) -> None:
    config = database(tmp_path)

    limit_waits(config)

    assert config["OPTIONS"]["timeout"] == SQLITE_WEB_SECONDS


def test_sqlite_has_no_limits_for_statements_and_transactions(tmp_path: Path) -> None:
    config = database(tmp_path)

    limit_statements(config)

    assert "options" not in config["OPTIONS"]
