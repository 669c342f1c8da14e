"""What an import leaves behind, to compare one run with another."""

from typing import Any

from django.db.models import ForeignKey, Model

from imports_app.engine.log import errors_log, warnings_log
from imports_app.models import Import
from imports_app.registry import importers

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
    paths = [_path(field) for field in model._meta.concrete_fields if field.name not in ITS_OWN]
    return sorted(map(repr, model._default_manager.values_list(*paths)))


def _path(field: Any) -> str:
    if not isinstance(field, ForeignKey):
        return str(field.name)
    target = importers.for_model(field.related_model)
    return f"{field.name}__{target.key[0]}" if target and target.key else field.name


def forget() -> None:
    """Empties the tables of imports and records."""
    Import.objects.all().delete()
    models = [importer.model for importer in importers]
    while models:  # those that protect others first
        model = models.pop(0)
        used = any(related.related_model in models for related in model._meta.related_objects)
        if used:
            models.append(model)
        else:
            model._default_manager.all().delete()
