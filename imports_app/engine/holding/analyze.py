"""Run ANALYZE on tables that imports fill faster than autovacuum comes by.

It plans by what it knows of a table. Of one that was empty a minute ago that is nothing: it takes
any index that fits a little, and looks references up without one, so that each batch would take
longer than the one before.
"""

from collections import Counter

from django.db.models import Model

from imports_app.database import connection, quote

FEW = 1_000  # records; up to so many, any plan is fast

KNOWN = "SELECT reltuples FROM pg_class WHERE oid = %s::regclass"


def analyze_grown(created: Counter[type[Model]]) -> None:
    """Analyze the tables that have at least doubled, between transactions, and forget the counts.

    `created` counts the records created since the last look, by model; those of a transaction that
    failed, too, which does no harm. Not within a transaction, as of a dry run: nobody else could
    analyze the table until that ends.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return
    for model, count in created.items():
        if count >= FEW and count >= _known(model):
            _analyze(model)
            created[model] = 0


def _known(model: type[Model]) -> float:
    """Return PostgreSQL's estimate of the number of records; -1 if the table was never analyzed."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [quote(model._meta.db_table)])
        return float(cursor.fetchone()[0])


def _analyze(model: type[Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE (SKIP_LOCKED) {quote(model._meta.db_table)}")
