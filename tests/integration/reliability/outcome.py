"""What an import leaves behind, to compare one run with another."""

import re
from typing import Any

from django.db import connection
from django.db.models import ForeignKey, Model

from imports_app.models import Import
from imports_app.registry import importers
from imports_app.storage.log import errors_log, warnings_log
from tests.emptying import empty, imports_and_records

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# They differ between two clean runs as well.
ITS_OWN = {"id", "created_at", "updated_at"}
COUNTS = (
    "inputs_size",
    "processed_count",
    "created_count",
    "updated_count",
    "unchanged_count",
    "errors_count",
    "warnings_count",
    "destroyed_count",
)


def outcome(import_: Import) -> dict[str, Any]:
    """Status, counts and logs of an import, and the records of all types."""
    import_.refresh_from_db()
    return {
        "status": import_.status,
        **{name: getattr(import_, name) for name in COUNTS},
        "errors": errors_log(import_),
        "warnings": warnings_log(import_),
        **records(),
    }


def records() -> dict[str, list[Any]]:
    """The records of all types without what differs between two clean runs."""
    return {importer.resource_type: _records(importer.model) for importer in importers}


def _records(model: type[Model]) -> list[Any]:
    """Each record's values and tags; one that was made up for it is any other."""
    fields = [field for field in model._meta.concrete_fields if field.name not in ITS_OWN]
    paths = [path for field in fields if (path := _path(field))]
    many = [f"{field.name}__name" for field in model._meta.many_to_many]
    rows = model._default_manager.order_by(*many).values_list(*paths, *many)
    return sorted(UUID.sub("<made up>", repr(row)) for row in rows)


def _path(field: Any) -> str | None:
    """What tells its value whatever the ids are; None for a reference to what has nothing else."""
    if not isinstance(field, ForeignKey):
        return str(field.name)
    target = importers.for_model(field.related_model)
    return f"{field.name}__{target.key[0]}" if target and target.key else None


def forget() -> None:
    """No import and no record is left."""
    empty(connection, imports_and_records())
