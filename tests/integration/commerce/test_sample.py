import json
from pathlib import Path

import pytest

from imports_app import commerce
from imports_app.commerce.models import Bundle
from imports_app.models import Import
from imports_app.registry import importers
from tests.running import row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLE = sorted((Path(commerce.__path__[0]) / "sample").glob("*.json"))


def import_sample(*, keyed_only: bool = False) -> list[Import]:
    """Every file of the sample, in the order of their names.

    With `keyed_only` without those whose rows are found by id, and so make new records each time.
    """
    contents = [json.loads(path.read_text()) for path in SAMPLE]
    return [
        run_import(importer, content["inputs"])
        for content in contents
        if (importer := importers.get(content["resource_type"])).key or not keyed_only
    ]


def test_the_sample_is_imported_without_an_error_and_changes_nothing_the_second_time() -> None:
    first, second = import_sample(), import_sample(keyed_only=True)

    assert {import_.resource_type: row_errors(import_) for import_ in first} == {
        import_.resource_type: {} for import_ in first
    }
    assert {import_.resource_type for import_ in first} == {
        importer.resource_type
        for importer in importers
        if importer.model._meta.app_label == "commerce"
    }
    assert [import_.created_count for import_ in first] == [
        import_.inputs_size for import_ in first
    ]
    assert {import_.resource_type: import_.unchanged_count for import_ in second} == {
        import_.resource_type: import_.inputs_size for import_ in second
    }
    assert [import_.warnings_count for import_ in [*first, *second]] == [0] * (
        len(first) + len(second)
    )


def test_the_sample_computes_what_bundles_cost() -> None:
    import_sample()

    amounts = Bundle.objects.values_list("reference", "price_amount_cents")
    # A pot, cups, two of Assam and one of Sencha: 3740 + 3520 + 2 * 1040 + 1380.
    assert dict(amounts)["starter-us"] == 10_720
