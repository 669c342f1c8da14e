"""What the database was really told about clients that are gone."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

SESSIONS = {"idle_in_transaction_session_timeout": "1min"}
KEEPALIVES = {
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}


@pytest.fixture
def expected() -> dict[str, str]:
    """SQLite has no server that could wait for anybody; a Unix socket ends with its client."""
    if connection.vendor != "postgresql":
        return {}
    connection.ensure_connection()
    over_tcp = not connection.connection.info.host.startswith("/")
    return SESSIONS | (KEEPALIVES if over_tcp else dict.fromkeys(KEEPALIVES, "0"))


def test_the_server_looks_after_its_clients(expected: dict[str, str]) -> None:
    told = {}
    with connection.cursor() as cursor:
        for name in expected:
            cursor.execute(f"SHOW {name}")
            [told[name]] = cursor.fetchone()

    assert told == expected
