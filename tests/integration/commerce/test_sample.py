import json
from pathlib import Path

import pytest

from imports_app import commerce
from imports_app.models import Import
from imports_app.registry import importers
from tests.running import row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLE = sorted((Path(commerce.__path__[0]) / "sample").glob("*.json"))


def import_sample() -> list[Import]:
    """Every file of the sample, in the order of their names."""
    contents = [json.loads(path.read_text()) for path in SAMPLE]
    return [
        run_import(importers.get(content["resource_type"]), content["inputs"])
        for content in contents
    ]


def test_the_sample_is_imported_without_an_error_and_changes_nothing_the_second_time() -> None:
    first, second = import_sample(), import_sample()

    assert [row_errors(import_) for import_ in first] == [{}] * len(SAMPLE)
    assert [import_.created_count for import_ in first] == [
        import_.inputs_size for import_ in first
    ]
    assert [import_.unchanged_count for import_ in second] == [
        import_.inputs_size for import_ in first
    ]
    assert [import_.warnings_count for import_ in [*first, *second]] == [0] * 2 * len(SAMPLE)
