"""Django's ORM, a row at a time."""

from collections.abc import Sequence

from django.db import transaction

from imports_app.commerce.models import Sku
from tests.benchmarks.rows import Row, valid


class UpdateOrCreate:
    """`update_or_create` a row, all in one transaction; nothing is validated."""

    def __init__(self) -> None:
        self._rows: list[Row] = []

    def prepare(self, rows: Sequence[Row]) -> None:
        self._rows = valid(rows)

    def run(self) -> None:
        with transaction.atomic():
            for row in self._rows:
                Sku.objects.update_or_create(code=row["code"], mode="test", defaults=row)

    def check(self, rows: Sequence[Row]) -> None:
        """It counts nothing."""
