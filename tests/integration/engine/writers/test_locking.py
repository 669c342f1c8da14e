"""What PostgreSQL's writer does with records that other sessions write at the same time."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any

import msgspec
import pytest
from django.db import connection, transaction

from imports_app.commerce.models import Sku
from imports_app.engine.planning import Drafts
from imports_app.engine.planning.plan import draft
from imports_app.engine.reading import Row
from imports_app.engine.types import schema_for
from imports_app.engine.writers import PostgresWriter, Written
from imports_app.models import Mode
from imports_app.registry import importers
from tests.factories.commerce import SkuFactory
from tests.locks import PATIENCE, await_waiting

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="it is PostgreSQL's writer"),
]

TABLE = Sku._meta.db_table


def written(given: Mapping[str, Mapping[str, str]]) -> Written:
    """Writes rows of these codes and values, in this order."""
    schema = schema_for(importers.get("skus"))
    rows = [
        Row(n, msgspec.Raw(b"{}"), values={"code": code, **values})
        for n, (code, values) in enumerate(given.items())
    ]
    try:
        with transaction.atomic():
            writer = PostgresWriter(schema, Mode.TEST)
            writer.begin()
            return writer.write(Drafts.of(draft(schema, rows, mode=Mode.TEST)))
    finally:
        connection.close()


@contextmanager
def written_meanwhile(
    given: Mapping[str, Mapping[str, str]], *, but: str, theirs: str
) -> Iterator["Future[Written]"]:
    """The same in a thread, which waits for what another session does to the record `but`; that is
    committed in the end.
    """
    other: Any = connection.get_new_connection(connection.get_connection_params())
    with closing(other), ThreadPoolExecutor(1) as pool:
        other.execute("BEGIN")
        other.execute(f"{theirs} WHERE code = %s", [but])
        try:
            future = pool.submit(written, given)
            await_waiting(unless=future)
            yield future
        finally:
            other.execute("COMMIT")


def test_updates_lock_records_in_the_order_of_their_keys() -> None:
    for code in "AZ":
        SkuFactory.create(code=code, name="old")

    rows = {"Z": {"name": "ours"}, "A": {"name": "ours"}}
    with (
        written_meanwhile(rows, but="A", theirs=f"UPDATE {TABLE} SET weight = 2") as future,
        transaction.atomic(),
    ):
        assert Sku.objects.select_for_update(nowait=True).get(code="Z").name == "old"

    assert future.result(PATIENCE).updated == 2
    assert {*Sku.objects.values_list("name", flat=True)} == {"ours"}


@pytest.mark.parametrize("another", [{}, {"description": "ours"}])
def test_a_record_that_somebody_updates_meanwhile_gets_what_its_row_gives(
    another: dict[str, str],
) -> None:
    for code in "ABC":
        SkuFactory.create(code=code, name="old", description="old")
    rows = {
        "A": {"name": "ours", **another},
        "B": {"name": "ours"},
        "C": {"name": "old"},
        "D": {"name": "ours"},
    }
    theirs = f"UPDATE {TABLE} SET weight = 2, description = 'theirs'"

    with written_meanwhile(rows, but="B", theirs=theirs) as future:
        pass

    result = future.result(PATIENCE)
    assert (result.created, result.updated, result.same) == (1, 2, {2})
    sku = Sku.objects.get(code="B")
    assert result.records[1] == sku.pk
    assert (sku.name, sku.description, sku.weight) == ("ours", "theirs", 2)
    names = Sku.objects.order_by("code").values_list("name", flat=True)
    assert [*names] == ["ours", "ours", "old", "ours"]


def test_a_record_that_somebody_destroys_meanwhile_is_gone() -> None:
    for code in "AB":
        SkuFactory.create(code=code, name="old")

    rows = {"A": {"name": "ours"}, "B": {"name": "ours"}}
    with written_meanwhile(rows, but="B", theirs=f"DELETE FROM {TABLE}"):
        pass

    assert [*Sku.objects.values_list("code", "name")] == [("A", "ours")]
