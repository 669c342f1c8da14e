"""What the database was really told about clients that are gone."""

import pytest
from django.db import OperationalError, connection, transaction

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="SQLite has no server that waits for anybody"
    ),
]


def setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        [value] = cursor.fetchone()
    return str(value)


def test_in_a_transaction_the_server_looks_after_its_clients() -> None:
    with transaction.atomic():
        assert setting("idle_in_transaction_session_timeout") == "1min"
        over_tcp = not connection.connection.info.host.startswith("/")
        assert setting("tcp_user_timeout") == ("60000" if over_tcp else "0")


def test_a_session_keeps_none_of_the_limits() -> None:
    """Behind a pooler it is somebody else's a moment later."""
    with transaction.atomic():
        pass

    assert setting("idle_in_transaction_session_timeout") == "0"


def test_a_connection_lost_at_the_start_of_a_transaction_is_not_used_again() -> None:
    connection.ensure_connection()
    connection.connection.pgconn.finish()

    with pytest.raises(OperationalError), transaction.atomic():
        pass

    assert connection.connection is None
    assert setting("idle_in_transaction_session_timeout") == "0"
