"""However many imports are finished, nobody who looks for active ones comes across them."""

import pytest
from django.db import connection

from imports_app.models import Import
from imports_app.models.querysets import ImportQuerySet
from tests.factories.imports import ImportFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "imports",
    [
        Import.objects.active().filter(mode="test"),
        Import.objects.active().filter(mode="test", position__lt=100),
        Import.objects.unheld().filter(mode="test"),
    ],
    ids=["active", "active before another", "unheld"],
)
def test_active_imports_are_found_by_the_index_that_holds_no_others(
    imports: ImportQuerySet[Import],
) -> None:
    ImportFactory.create_batch(3, completed=True)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")

    # With its parameters apart, as it is executed.
    assert "import_active" in imports.explain()
