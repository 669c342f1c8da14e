"""What PostgreSQL's writer says of rows that are refused, before anybody writes the others."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import msgspec
import pytest
from django.db import OperationalError, connection, transaction

from imports_app.commerce.models import Sku
from imports_app.engine.planning import Drafts
from imports_app.engine.planning.plan import draft
from imports_app.engine.reading import Row
from imports_app.engine.types import schema_for
from imports_app.engine.writers import PostgresWriter
from imports_app.models import Mode
from imports_app.registry import importers
from tests.factories.commerce import SkuFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="it is PostgreSQL's writer"),
]

BAD = {"name": "n", "unit_of_weight": "kg"}


def refused(*rows: dict[str, str]) -> dict[int, str | None]:
    """The constraints that rows violate, by place."""
    schema = schema_for(importers.get("skus"))
    made = [Row(n, msgspec.Raw(b"{}"), values=dict(values)) for n, values in enumerate(rows)]
    with transaction.atomic():
        writer = PostgresWriter(schema, Mode.TEST)
        writer.begin()
        found = writer.refused(Drafts.of(draft(schema, made, mode=Mode.TEST)))
        transaction.set_rollback(True)
    return {place: error.__cause__.diag.constraint_name for place, error in found.items()}  # type: ignore[union-attr]


@contextmanager
def held_by_another(sku: Sku) -> Iterator[None]:
    """Another session has changed the record, and not committed it yet."""
    with closing(connection.get_new_connection(connection.get_connection_params())) as other:
        other.execute("BEGIN")
        other.execute(f"UPDATE {Sku._meta.db_table} SET name = 'theirs' WHERE id = %s", [sku.pk])
        yield


def test_each_refused_row_has_the_constraint_that_it_violates() -> None:
    rows = [{"code": f"C{n}", "name": "n"} for n in range(40)]
    for n in (0, 17, 18, 39):
        rows[n] |= BAD

    assert refused(*rows) == dict.fromkeys((0, 17, 18, 39), "sku_unit_of_weight_is_known")
    assert not Sku.objects.exists()


def test_rows_that_are_all_refused_are_told_in_one_round_trip() -> None:
    rows = [{"code": f"C{n}", **BAD} for n in range(200)]

    assert [*refused(*rows)] == [*range(200)]


def test_an_error_that_no_row_causes_is_raised() -> None:
    sku = SkuFactory.create(code="B")
    connection.cursor().execute("SET lock_timeout = '50ms'")
    try:
        with held_by_another(sku), pytest.raises(OperationalError, match="lock timeout"):
            refused({"code": "A", **BAD}, {"code": "B", "name": "ours"})
    finally:
        connection.cursor().execute("RESET lock_timeout")
