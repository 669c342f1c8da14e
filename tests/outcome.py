"""What imports leave behind, in a form that depends on no id and no time.

One run is compared with another by it. `python -m tests.torture.outcome` prints that of the
database which the environment names.
"""

import re
from typing import Any

from django.db import connection
from django.db.models import ForeignKey, Model

from imports_app.models import Import
from imports_app.registry import importers
from imports_app.storage.log import errors_log, warnings_log
from tests.emptying import empty, filled, imports_and_records

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# They differ between two clean runs as well.
ITS_OWN = {"id", "created_at", "updated_at"}
SHOWN = ("mode", "reference", "resource_type", "status", "interruption", "inputs_size")
COUNTS = tuple(
    f"{name}_count"
    for name in (
        "processed",
        "created",
        "updated",
        "unchanged",
        "errors",
        "warnings",
        "destroyed",
    )
)


def of_import(import_: Import) -> dict[str, Any]:
    """An import's attributes, counts and logs."""
    return {
        **{name: getattr(import_, name) for name in (*SHOWN, *COUNTS)},
        "errors_log": errors_log(import_),
        "warnings_log": warnings_log(import_),
    }


def outcome(import_: Import) -> dict[str, Any]:
    """The same as it is now, and the records of all types."""
    import_.refresh_from_db()
    return of_import(import_) | {"tables": records()}


def records() -> dict[str, list[str]]:
    """The records of all types without what differs between two clean runs."""
    models = {importer.resource_type: importer.model for importer in importers}
    some = filled(connection, {model._meta.db_table for model in models.values()})
    return {
        name: _records(model) if model._meta.db_table in some else []
        for name, model in models.items()
    }


def _records(model: type[Model]) -> list[str]:
    """Each record's values and tags; an id that was made up for it is like any other."""
    fields = [field for field in model._meta.concrete_fields if field.name not in ITS_OWN]
    paths = [path for field in fields if (path := _path(field))]
    many = [f"{field.name}__name" for field in model._meta.many_to_many]
    rows = model._default_manager.order_by(*many).values(*paths, *many)
    return sorted(UUID.sub("<made up>", repr(row)) for row in rows)


def _path(field: Any) -> str | None:
    """What tells its value whatever the ids are; None for a reference to what has nothing else."""
    if not isinstance(field, ForeignKey):
        return str(field.name)
    target = importers.for_model(field.related_model)
    return f"{field.name}__{target.key[0]}" if target and target.key else None


def forget() -> None:
    """Leave no import and no record."""
    empty(connection, imports_and_records())
