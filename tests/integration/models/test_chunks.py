"""How the inputs are kept."""

import msgspec
import pytest
from django.db import connection

from imports_app.models import ImportChunk
from tests.factories.imports import ImportFactory

pytestmark = pytest.mark.django_db

ZSTD = bytes.fromhex("28b52ffd")  # its magic number


def test_inputs_are_kept_as_zstd_makes_them() -> None:
    rows = [{"code": f"C{n}", "name": "Grüner Tee"} for n in range(1_000)]
    ImportFactory.create(rows=rows)

    text = ImportChunk.objects.get().inputs
    with connection.cursor() as cursor:
        cursor.execute("SELECT inputs FROM imports_app_importchunk")
        kept = bytes(cursor.fetchone()[0])

    assert kept.startswith(ZSTD)
    assert len(kept) < len(text) / 5
    assert msgspec.json.decode(text) == rows


def test_inputs_stay_packed_until_somebody_looks_at_them() -> None:
    ImportFactory.create(rows=[{"code": "A"}])

    chunk = ImportChunk.objects.get()

    assert chunk.__dict__["inputs"].startswith(ZSTD)
    assert msgspec.json.decode(chunk.inputs) == [{"code": "A"}]
    assert chunk.__dict__["inputs"] == chunk.inputs  # it is unpacked once
    assert ImportChunk.objects.defer("inputs").get().inputs == chunk.inputs


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="nothing else compresses columns by itself"
)
def test_the_server_does_not_try_to_compress_them_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attstorage FROM pg_attribute WHERE attname = 'inputs'"
            " AND attrelid = 'imports_app_importchunk'::regclass"
        )
        assert cursor.fetchone() == ("e",)
