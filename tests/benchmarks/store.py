"""The table before and after a round."""

from collections.abc import Iterable, Mapping

from django.db import connection

from imports_app.commerce.models import Sku
from imports_app.models import Import
from tests.benchmarks.contenders.floor import Floor
from tests.benchmarks.rows import ATTRIBUTES, Record, Row
from tests.emptying import empty, imports_and_records


def reset(before: Iterable[Row]) -> None:
    """Leaves these records, no import, and nothing to clear away later."""
    clear()
    floor = Floor()
    floor.prepare(before)
    floor.run()
    settle()


def clear() -> None:
    """Leave no import, and no record of any type."""
    if connection.vendor == "postgresql":
        tables = (Sku._meta.db_table, Import._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
    else:
        empty(connection, imports_and_records())


def settle() -> None:
    """Have the database do now what it would do in a quiet moment."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def check(expected: Mapping[str, Record]) -> None:
    """Raises AssertionError unless these are the records, value for value."""
    found = {each[0]: each for each in Sku.objects.values_list(*ATTRIBUTES)}
    wrong = {code for code in {*found, *expected} if found.get(code) != expected.get(code)}
    examples = [(found.get(code), expected.get(code)) for code in sorted(wrong)[:2]]
    assert not wrong, f"{len(wrong)} records are wrong (found, expected): {examples}"
