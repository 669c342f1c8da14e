"""The paths of an import's changes and of its undo."""

from typing import Any

from imports_app.api.changes import FILTERS, ChangeViewSet
from imports_app.api.changes import TYPE as CHANGES
from imports_app.api.imports.resource import TYPE as IMPORTS
from imports_app.api.openapi.documents import page
from imports_app.api.openapi.operations import (
    Operation,
    Paths,
    document,
    file,
    operation,
    request_body,
)
from imports_app.api.openapi.parameters import (
    IDEMPOTENCY_KEY,
    PAGE,
    Parameter,
    fields,
    in_path,
)
from imports_app.models.choices import Scope

IMPORT_ID = in_path("id", "The import's id; one of any other form is a 404.")
BODY = (409, 413, 415, 422)


def change_paths(created: dict[str, Any], shown: list[Parameter]) -> Paths:
    """Return the paths; `created` is the answer with a new import, `shown` are its parameters."""
    return {
        "/api/imports/{id}/changes": {"get": _list_changes()},
        "/api/imports/{id}/undo": {"post": _undo_import(created, shown)},
    }


def _list_changes() -> Operation:
    rows = document("A page of the changes.", page("Change"))
    csv = file("All of them as a file, a line for each attribute, with formulas quoted.")
    return operation(
        "listChanges",
        "List what an import changed, or a dry run would change",
        tag=IMPORTS,
        scope=ChangeViewSet.required_scopes["GET"],
        parameters=[IMPORT_ID, *PAGE, *map(_filter, FILTERS), fields(CHANGES)],
        answers={"200": {**rows, **csv, "content": {**rows["content"], **csv["content"]}}},
        refused=(404,),
        description="`Accept: text/csv` returns a file, which has no pages.",
    )


def _filter(name: str) -> Parameter:
    return {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}


def _undo_import(created: dict[str, Any], shown: list[Parameter]) -> Operation:
    return operation(
        "undoImport",
        "Undo an import",
        tag=IMPORTS,
        scope=Scope.WRITE,
        parameters=[IMPORT_ID, IDEMPOTENCY_KEY, *shown],
        body=request_body("ImportUndo", "No attribute is required.", required=False),
        answers={"201": created},
        refused=(404, 423, *BODY),
        description="Needs the scope `imports:cleanup` where records would be destroyed.",
    )
