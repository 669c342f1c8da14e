"""Imports carried out in the process of the test."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model

from imports_app.engine.running.run import run_slice
from imports_app.importer import Importer, RowError
from imports_app.models import Import, Mode
from imports_app.models.status import ACTIVE, Status
from imports_app.queue import transitions
from imports_app.queue.scheduling import Lease
from imports_app.registry import importers
from imports_app.services import ImportOrder, create_import

Row = dict[str, Any]


def run_import(
    importer: Importer,
    rows: Iterable[Mapping[str, Any]],
    *,
    mode: str = Mode.TEST,
    **attributes: Any,
) -> Import:
    """The import of these rows, final."""
    order = ImportOrder(
        resource_type=importer.resource_type,
        rows=[json.dumps(row).encode() for row in rows],
        **attributes,
    )
    return _run_to_end(create_import(order=order, mode=mode))


def run_to_end(import_: Import) -> Import:
    """Works on the import, slice by slice as a worker does, until it is final."""
    import_.refresh_from_db()
    return _run_to_end(import_)


def _run_to_end(import_: Import) -> Import:
    """Does the same with one that was just read or made."""
    while import_.status in ACTIVE:
        run_a_slice(import_)
    return import_


def run_a_slice(import_: Import) -> None:
    """Works on the import for as long as a worker does before others have their turn."""
    token = transitions.claim(import_.pk)
    assert token is not None, "somebody else holds the import"
    run_slice(
        Lease(
            import_.pk,
            token,
            mode=import_.mode,
            resource_type=import_.resource_type,
            caller=import_.caller,
        )
    )
    import_.refresh_from_db()


def done(resource_type: str, *rows: Row, **attributes: Any) -> Import:
    """The completed import of rows of that type, however many of them fail."""
    import_ = run_import(importers.get(resource_type), rows, skip_errors=True, **attributes)
    assert import_.status == Status.COMPLETED
    return import_


def counts(import_: Import) -> tuple[int, int, int, int]:
    """How many records were created, updated, met unchanged, and how many rows failed."""
    return (
        import_.created_count,
        import_.updated_count,
        import_.unchanged_count,
        import_.errors_count,
    )


def row_errors(import_: Import) -> dict[int, list[RowError]]:
    """What is wrong with each row that failed, by its index."""
    return {
        failure.index: [RowError(**error) for error in json.loads(failure.errors)]
        for failure in import_.failures.all()
    }


def key_attributes(importer: Importer) -> set[str]:
    """The attributes by which `new_row` says which record it means."""
    return {f"{name}_id" if name in importer.relations else name for name in importer.key}


def created(importer: Importer, row: Row, *, mode: str = Mode.TEST) -> Model:
    """The record that an import of the row makes."""
    return created_together(importer, [row], mode=mode)[0]


def created_together(importer: Importer, rows: list[Row], *, mode: str = Mode.TEST) -> list[Model]:
    """The records that an import of the rows makes: their ids ascend as the rows do."""
    records = importer.model._default_manager
    before = set(records.values_list("pk", flat=True))
    import_ = run_import(importer, rows, mode=mode)
    assert (import_.created_count, row_errors(import_)) == (len(rows), {})
    return list(records.exclude(pk__in=before).order_by("pk"))


def naming(importer: Importer, row: Row, record: Model) -> Row:
    """The part of the row that finds its record again."""
    if not importer.key:
        return {"id": str(record.pk)}
    return {name: row[name] for name in key_attributes(importer)}


def stored(record: Model) -> Row:
    """The record's fields as they are in the database."""
    return type(record)._default_manager.filter(pk=record.pk).values().get()
