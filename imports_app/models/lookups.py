"""Lookups that Django doesn't have. Loaded at start, before the first connection."""

import json
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models.fields.json import DataContains
from django.db.models.lookups import IContains, PatternLookup
from django.db.models.sql.compiler import SQLCompiler
from django.dispatch import receiver

SQLITE_FUNCTION = "imports_json_contains"


class Matches(IContains):
    r"""A LIKE pattern as it was given: `%`, `_`, and `\` before one that is meant literally.

    Case counts for nothing, as in `icontains`, whose operator this is.
    """

    def process_rhs(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        """Return the pattern as it is: PatternLookup would escape it and put `%` around it."""
        return super(PatternLookup, self).process_rhs(compiler, connection)


class JsonContains(DataContains):
    """jsonb's `@>`, on SQLite too; elsewhere Django's `contains`."""

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        """Call the function below."""
        lhs, lhs_params = self.process_lhs(compiler, connection)
        rhs, rhs_params = self.process_rhs(compiler, connection)
        return f"{SQLITE_FUNCTION}({lhs}, {rhs})", (*lhs_params, *rhs_params)


for field in (models.CharField, models.TextField):
    field.register_lookup(Matches, "matches")
models.JSONField.register_lookup(JsonContains, "jcont")


@receiver(connection_created, dispatch_uid=SQLITE_FUNCTION)
def add_sqlite_function(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Give every new SQLite connection the containment function."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            SQLITE_FUNCTION, 2, _json_contains, deterministic=True
        )


def _json_contains(document: str | None, part: str) -> bool | None:
    """Return whether one JSON text contains the other; NULL if one of them is NULL."""
    return None if document is None else contains(json.loads(document), json.loads(part))


def contains(document: Any, part: Any) -> bool:
    """Return whether a JSON value contains another, as PostgreSQL documents it for jsonb: an
    object the
    members of the part, an array its elements in any order and number, a scalar only its equal.
    """
    if isinstance(part, dict):
        return isinstance(document, dict) and all(
            name in document and contains(document[name], value) for name, value in part.items()
        )
    if isinstance(part, list):
        return isinstance(document, list) and _has_elements(document, part)
    return not isinstance(document, dict | list) and _scalar(document) == _scalar(part)


def _has_elements(document: list[Any], part: list[Any]) -> bool:
    """Scalars are looked up: element by element, long arrays would take minutes."""
    scalars = {_scalar(element) for element in document if not isinstance(element, dict | list)}
    return all(
        any(contains(element, wanted) for element in document)
        if isinstance(wanted, dict | list)
        else _scalar(wanted) in scalars
        for wanted in part
    )


def _scalar(value: Any) -> tuple[bool, Any]:
    """1 equals 1.0, as in JSON, but also True, which JSON tells apart."""
    return isinstance(value, bool), value
