"""How the inputs are kept."""

import pytest
from django.db import NotSupportedError, connection, transaction

pytestmark = pytest.mark.django_db


def server_has_lz4() -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE probe (text text COMPRESSION lz4)")
    except NotSupportedError:
        return False
    return True


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="nothing else lets a column say how it is compressed"
)
def test_inputs_are_compressed_by_lz4_where_the_server_has_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attcompression FROM pg_attribute WHERE attname = 'inputs'"
            " AND attrelid = 'imports_app_importchunk'::regclass"
        )
        found = cursor.fetchone()

    assert found == ("l" if server_has_lz4() else "",)
