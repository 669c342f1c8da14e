"""A model of a view, as projects have them over tables that came before Django."""

from collections.abc import Iterator

import pytest
from django.db import connection

from imports_app.importer import Importer
from imports_app.models import Mode
from imports_app.registry import importers
from tests.guests.registering import registered
from tests.guests.things import Heading, Note
from tests.running import counts, row_errors, run_import

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="views can't be written to"),
]


class HeadingImporter(Importer):
    resource_type = "headings"
    model = Heading
    mode = Mode.TEST
    key = ("name",)


@pytest.fixture(autouse=True)
def _view() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE VIEW guests_heading AS SELECT id, name FROM {Note._meta.db_table}")
    with registered(HeadingImporter):
        yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP VIEW {Heading._meta.db_table}")


def test_rows_create_records_of_a_view_and_find_them_again() -> None:
    Note.objects.create(name="A")

    import_ = run_import(importers.get("headings"), [{"name": "A"}, {"name": "B"}])

    assert (row_errors(import_), counts(import_)) == ({}, (1, 0, 1, 0))
    assert sorted(Note.objects.values_list("name", flat=True)) == ["A", "B"]
