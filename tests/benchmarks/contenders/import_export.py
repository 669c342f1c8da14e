"""django-import-export, which is made for files that people upload in the admin.

One invalid row makes it roll back everything, so it is given the valid rows only.
"""

import json
from collections.abc import Sequence
from typing import Any

import tablib
from import_export.instance_loaders import CachedInstanceLoader
from import_export.resources import ModelResource
from import_export.results import Result

from imports_app.commerce.models import Sku
from tests.benchmarks.rows import ATTRIBUTES, Row, record, valid


class Documented(ModelResource):  # type: ignore[misc]
    """As the first example of its documentation has it."""

    class Meta:
        model = Sku
        fields = ATTRIBUTES
        import_id_fields = ("code",)

    def before_save_instance(self, instance: Sku, row: Any, **_: Any) -> None:
        """The one column that is in no file."""
        instance.mode = "test"


class Cleaned(Documented):
    """With full_clean() of each record, too."""

    class Meta:
        model = Sku
        fields = ATTRIBUTES
        import_id_fields = ("code",)
        clean_model_instances = True


class Fastest(Documented):
    """In bulk, existing records read at once, and no HTML of what changed."""

    class Meta:
        model = Sku
        fields = ATTRIBUTES
        import_id_fields = ("code",)
        instance_loader_class = CachedInstanceLoader
        use_bulk = True
        batch_size = 1_000
        skip_diff = True
        report_skipped = False
        force_init_instance = False


class ImportExport:
    """A dataset, imported by one of the resources."""

    def __init__(self, resource: type[Documented]) -> None:
        self._resource = resource
        self._dataset = tablib.Dataset()
        self._result: Result | None = None

    def prepare(self, rows: Sequence[Row]) -> None:
        self._dataset = tablib.Dataset(headers=ATTRIBUTES)
        for row in valid(rows):
            self._dataset.append((*record(row)[:-1], json.dumps(row["metadata"])))

    def run(self) -> None:
        self._result = self._resource().import_data(self._dataset, use_transactions=True)

    def check(self, rows: Sequence[Row]) -> None:
        assert self._result is not None
        assert not self._result.has_errors(), self._result.row_errors()[:1]
        assert not self._result.has_validation_errors(), self._result.invalid_rows[:1]
        totals = self._result.totals
        assert totals["new"] + totals["update"] == len(valid(rows)), totals
