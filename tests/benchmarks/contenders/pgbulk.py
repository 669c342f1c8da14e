"""django-pgbulk: its upsert."""

from collections.abc import Sequence

import pgbulk

from imports_app.commerce.models import Sku
from tests.benchmarks.rows import ATTRIBUTES, Row, parts, valid

BATCH = 1_000


class Upsert:
    """Model objects, made of the valid rows while it runs; nothing is validated."""

    def __init__(self) -> None:
        self._rows: list[Row] = []

    def prepare(self, rows: Sequence[Row]) -> None:
        self._rows = valid(rows)

    def run(self) -> None:
        for part in parts(self._rows, BATCH):
            skus = [Sku(mode="test", **row) for row in part]
            pgbulk.upsert(Sku, skus, ["code", "mode"], [*ATTRIBUTES[1:], "updated_at"])

    def check(self, rows: Sequence[Row]) -> None:
        """It counts nothing."""
