"""PostgreSQL's temporary tables, which a connection of a pooler keeps for whoever comes next."""

from collections.abc import Iterator

import pytest
from django.db import connection

from imports_app.commerce.models import Sku
from imports_app.engine.writers import PostgresWriter, Writer
from tests.integration.engine.writers.conftest import Write

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="it is PostgreSQL's writer"),
]


@pytest.fixture
def writer_class() -> type[Writer]:
    return PostgresWriter


@pytest.fixture(autouse=True)
def own_connection() -> Iterator[None]:
    """One that has no table yet, and that nobody uses behind the test."""
    connection.close()
    yield
    connection.close()


def test_a_table_of_another_structure_that_was_left_on_the_connection_is_not_used(
    write: Write,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE stage_{Sku._meta.db_table} (code int) ON COMMIT DELETE ROWS"
        )

    try:
        created = write("skus", [{"code": "A", "name": "a"}]).created
    except Exception as refused:  # noqa: BLE001  (the driver's own, at COPY)
        created = str(refused)  # type: ignore[assignment]

    assert created == 1


def test_the_table_is_made_once_a_connection(write: Write) -> None:
    for name in ("a", "b"):
        write("skus", [{"code": "A", "name": name}])

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relname LIKE 'stage_%' AND"
            " relnamespace = pg_my_temp_schema()"
        )
        assert cursor.fetchone() == (1,)
