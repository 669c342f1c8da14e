"""Answers that hold whole inputs are made while they are sent."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from imports_app.storage.chunks import READ_AHEAD
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import Caller

pytestmark = pytest.mark.django_db

IMPORTS = 5
ROWS = 3 * READ_AHEAD
WIDE = "x" * 10_000


def chunk_queries(queries: CaptureQueriesContext) -> int:
    """How many of them read rows."""
    return sum(
        'FROM "imports_app_importchunk"' in query["sql"] and '"inputs"' in query["sql"]
        for query in queries
    )


def test_a_list_of_whole_imports_reads_a_few_chunks_at_a_time(
    caller: Caller, settings: Settings
) -> None:
    settings.IMPORTS_CHUNK_ROWS = 1
    rows: list[dict[str, Any]] = [{"code": str(n), "name": WIDE} for n in range(ROWS)]
    ImportFactory.create_batch(IMPORTS, rows=rows)
    path = "/api/imports?page[size]=100&fields[imports]=inputs"

    with CaptureQueriesContext(connection) as queries:
        response = caller.send("GET", path)
        before = chunk_queries(queries)
        pieces, reads = [], []
        for piece in response.streaming_content:
            pieces.append(piece)
            reads.append(chunk_queries(queries))

    document = json.loads(b"".join(pieces))
    assert [one["attributes"]["inputs"] for one in document["data"]] == [rows] * IMPORTS
    assert before == 0
    assert max(map(len, pieces)) < 2 * len(WIDE)
    for read, wide in zip(reads, _wide_so_far(pieces), strict=True):
        assert read <= wide / READ_AHEAD + 2 * IMPORTS
    assert reads[len(reads) // 2] < reads[-1]


def _wide_so_far(pieces: list[bytes]) -> list[int]:
    """Up to each piece, the number of rows that were sent."""
    sent, found = 0, []
    for piece in pieces:
        sent += piece.count(WIDE.encode())
        found.append(sent)
    return found
