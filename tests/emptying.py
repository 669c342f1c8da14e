"""Takes out what a transactional test has committed, much faster than Django's flush.

That one truncates every table, full or not, and then makes all content types and permissions
again: on PostgreSQL several times what a test itself takes.
"""

import hashlib
from collections.abc import Collection
from typing import Any
from weakref import WeakKeyDictionary

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from imports_app.models import Import

# Made by the migrations; no test may change them.
KEPT = {ContentType._meta.db_table, Permission._meta.db_table}
# Of each database, by its name.
_tables: dict[str, set[str]] = {}
# The statements that a session of PostgreSQL has prepared.
_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def all_tables(connection: BaseDatabaseWrapper) -> set[str]:
    """Those of all models, but for what the migrations filled; no test makes or drops one."""
    database = str(connection.settings_dict["NAME"])
    if database not in _tables:
        _tables[database] = {*connection.introspection.django_table_names(only_existing=True)}
    return _tables[database] - KEPT


def imports_and_records() -> set[str]:
    """The tables of imports, with all that belongs to them, and of records."""
    records = apps.get_app_config("commerce").get_models(include_auto_created=True)
    parts = [relation.related_model._meta.db_table for relation in Import._meta.related_objects]
    return {Import._meta.db_table, *parts, *(model._meta.db_table for model in records)}


def empty(connection: BaseDatabaseWrapper, tables: Collection[str]) -> None:
    """Deletes all rows; foreign keys, which Django defers, are looked at when all are gone."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        tables = filled(connection, tables)
        if connection.vendor == "mysql":  # which looks at foreign keys at once
            cursor.execute("SET foreign_key_checks = 0")
        for table in tables:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
        if connection.vendor == "mysql":
            cursor.execute("SET foreign_key_checks = 1")


def filled(connection: BaseDatabaseWrapper, tables: Collection[str]) -> set[str]:
    """Those of the tables that have a row."""
    quote = connection.ops.quote_name
    queries = (
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {quote(name)})" for name in sorted(tables)
    )
    query = " UNION ALL ".join(queries)
    with connection.cursor() as cursor:
        cursor.execute(_planned(connection, query) if connection.vendor == "postgresql" else query)
        return {name for (name,) in cursor.fetchall()}


def _planned(connection: BaseDatabaseWrapper, query: str) -> str:
    """What runs the query with the plan of the last time.

    To plan it, for so many tables, takes PostgreSQL more than ten times as long as to run it.
    """
    name = f"filled_{hashlib.sha256(query.encode()).hexdigest()[:12]}"
    known = _prepared.setdefault(connection.connection, set())
    if name not in known:
        with connection.cursor() as cursor:
            cursor.execute(f"PREPARE {name} AS {query}")
        known.add(name)
    return f"EXECUTE {name}"
