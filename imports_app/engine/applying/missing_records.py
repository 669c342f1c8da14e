"""Create missing records of which only the key is known."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Model

from imports_app.database import connection
from imports_app.engine.types import Schema

PLACE = "imports_app.engine.applying.targets"  # the same for all versions: what the locks go by


def ensure(schema: Schema, keys: Collection[str], *, mode: str) -> Mapping[str, Any]:
    """Return the records of these one-attribute keys: key → id. Missing ones are created.

    If another transaction is creating the same ones, the second one waits, and then finds them.
    """
    (name,) = schema.key_names
    new = [schema.model(**schema.scope(mode), **{name: key}) for key in sorted(keys)]
    schema.model._default_manager.bulk_create(new, ignore_conflicts=True)
    found = schema.records(mode).filter(**{f"{name}__in": keys})
    return dict(found.values_list(name, "pk"))


def one_maker_at_a_time(model: type[Model], mode: str) -> None:
    """Wait until no other transaction creates records of that model for rows of another type.

    Else one that began to make some earlier, and so gave them an earlier time, could commit later:
    who goes through the records in the order of creation would miss them. SQLite has one writer at
    a time anyway.
    """
    if connection.vendor == "postgresql":
        name = f"{model._meta.db_table} {mode}"
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", [PLACE, name]
            )
