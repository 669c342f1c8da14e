"""dlt: its merge on PostgreSQL, into a table of its own making."""

import os
from collections.abc import Sequence
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from django.db import connection

from tests.benchmarks.harness import Run, Seconds, timed
from tests.benchmarks.rows import Row, expected, valid

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"  # read when it is imported
TABLE = "skus"


def merging(before: Sequence[Row], rows: Sequence[Row]) -> Run:
    """Merge the valid rows into a table with the records that were there before.

    It infers types and columns from the rows and validates nothing. Its strategy is the one that
    needs no DELETE, and of a record's children it has none to look after.
    """

    def run() -> Seconds:
        dataset = f"dlt_{uuid4().hex[:8]}"
        with TemporaryDirectory() as folder:
            pipeline = _pipeline(folder, dataset)
            _merge(pipeline, before)
            seconds = timed(lambda: _merge(pipeline, valid(rows)))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {dataset}.{TABLE}")
            assert cursor.fetchone() == (len(expected(before, rows)),)
            for schema in (dataset, f"{dataset}_staging"):
                cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        return seconds

    return run


def _pipeline(folder: str, dataset: str) -> Any:
    import dlt

    parameters = connection.get_connection_params()
    credentials = {
        "drivername": "postgresql",
        "database": parameters["dbname"],
        "username": parameters.get("user") or "postgres",
        "password": parameters.get("password") or "",
        "host": "localhost",
        "port": parameters.get("port") or 5432,
        # It may be the folder of a socket, which can't stand before the port.
        "query": {"host": parameters.get("host") or "localhost"},
    }
    destination = dlt.destinations.postgres(credentials)
    return dlt.pipeline(
        dataset, pipelines_dir=folder, destination=destination, dataset_name=dataset
    )


def _merge(pipeline: Any, rows: Sequence[Row]) -> None:
    pipeline.run(
        rows,
        table_name=TABLE,
        write_disposition={"disposition": "merge", "strategy": "upsert"},
        primary_key="code",
        columns={"metadata": {"data_type": "json"}},
    ).raise_on_failed_jobs()
