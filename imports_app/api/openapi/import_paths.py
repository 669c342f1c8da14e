"""The operations on imports."""

from typing import Any

from imports_app.api.events.events import TYPE as EVENTS
from imports_app.api.failures import TYPE as FAILURES
from imports_app.api.failures import FailureViewSet
from imports_app.api.imports.resource import TYPE as IMPORTS
from imports_app.api.imports.views import ImportViewSet
from imports_app.api.openapi.change_paths import change_paths
from imports_app.api.openapi.documents import one, page
from imports_app.api.openapi.errors import refusals
from imports_app.api.openapi.import_files import (
    file_parameters,
    import_body,
    mended_body,
    mended_parameters,
)
from imports_app.api.openapi.operations import (
    ASKS_FOR_FILE,
    Operation,
    Paths,
    document,
    operation,
    page_or_file,
    public,
    request_body,
    tagged,
)
from imports_app.api.openapi.parameters import (
    CLIENT,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
    PAGE,
    SIGNATURE,
    fields,
    in_path,
    include,
    of_listing,
)

READ = ImportViewSet.required_scopes["GET"]
WRITE = ImportViewSet.required_scopes["POST"]
IMPORT_ID = in_path("id", "The import's id; one of any other form is a 404.")
IMPORT_FIELDS = [fields(IMPORTS), *include((EVENTS,))]
LOCATION = {"description": "The import's URL.", "schema": {"type": "string", "format": "uri"}}
RETRY_AFTER = {
    "Retry-After": {
        "description": "While the import is active: seconds to wait before asking again.",
        "schema": {"type": "string"},
    }
}
REPLAYED = {"description": "`true` if an earlier request created it.", "schema": {"const": "true"}}
ATTACHMENT = "The inputs as they were sent, a JSON array or a CSV, as a gzip file."
BODY = (409, 413, 415, 422)
INCLUDED = ("Event",)


def import_paths() -> Paths:
    """Return the paths of imports, those of their failures and changes included."""
    return {
        "/api/imports": {"get": _list_imports(), "post": _create_import()},
        "/api/imports/{id}": {
            "get": _retrieve_import(),
            "patch": _update_import(),
            "delete": _delete_import(),
        },
        "/api/imports/{id}/attachment": {"get": _download_attachment()},
        "/api/imports/{id}/failures": {"get": _list_failures()},
        "/api/imports/{id}/retry": {"post": _retry_import()},
        **change_paths(_created(), IMPORT_FIELDS),
    }


def _list_imports() -> Operation:
    return operation(
        "listImports",
        "List imports",
        tag=IMPORTS,
        scope=READ,
        parameters=[*of_listing(ImportViewSet()), *IMPORT_FIELDS],
        answers={
            "200": document(
                "A page of whole objects, including their inputs.", page("Import", INCLUDED)
            )
        },
    )


def _create_import() -> Operation:
    return operation(
        "createImport",
        "Create an import",
        tag=IMPORTS,
        scope=WRITE,
        parameters=[IDEMPOTENCY_KEY, *IMPORT_FIELDS, *file_parameters()],
        body=import_body(),
        answers={"201": _created()},
        refused=BODY,
        description="The answer never waits for the work. `cleanup_records` needs the scope "
        "`imports:cleanup`. With `resource_type` in the query the body is a file, and the other "
        "attributes stand in the query too: `dry_run=true`, `file_options[decimal]=,`, "
        "`metadata[shop]=west`.",
    )


def _created() -> dict[str, Any]:
    headers = {"Location": LOCATION, "Idempotency-Replayed": REPLAYED, **RETRY_AFTER}
    return document("It is queued.", one("Import", INCLUDED), headers)


def _retrieve_import() -> Operation:
    return operation(
        "retrieveImport",
        "Retrieve an import",
        tag=IMPORTS,
        scope=READ,
        parameters=[IMPORT_ID, *IMPORT_FIELDS, IF_NONE_MATCH],
        answers=tagged(document("The import.", one("Import", INCLUDED), RETRY_AFTER)),
        refused=(404,),
    )


def _update_import() -> Operation:
    return operation(
        "updateImport",
        "Change an import's labels, or interrupt it",
        tag=IMPORTS,
        scope=WRITE,
        parameters=[IMPORT_ID, *IMPORT_FIELDS, IF_MATCH],
        body=request_body("ImportUpdate", "What to change."),
        answers={"200": document("The import.", one("Import", INCLUDED), RETRY_AFTER)},
        refused=(404, 412, *BODY),
    )


def _delete_import() -> Operation:
    return operation(
        "deleteImport",
        "Delete an import; imported records stay",
        tag=IMPORTS,
        scope=WRITE,
        parameters=[IMPORT_ID, *IMPORT_FIELDS, IF_MATCH],
        answers={"204": {"description": "It is gone."}},
        refused=(404, 412, 423),
    )


def _download_attachment() -> Operation:
    file_ = {"description": ATTACHMENT, "content": {"application/gzip": {}}}
    return public(
        "downloadAttachment",
        "Download an import's inputs, by its attachment_url",
        tag=IMPORTS,
        parameters=[IMPORT_ID, SIGNATURE, CLIENT],
        answers={"200": file_, **refusals((403, 404, 503))},
    )


def _list_failures() -> Operation:
    rows = document("A page of the failed rows.", page("Failure"))
    text = "All of them as a file to mend and send again, with formulas quoted."
    return operation(
        "listFailures",
        "List the rows that failed",
        tag=IMPORTS,
        scope=FailureViewSet.required_scopes["GET"],
        parameters=[IMPORT_ID, *PAGE, fields(FAILURES)],
        answers={"200": page_or_file(rows, text)},
        refused=(404,),
        description=ASKS_FOR_FILE,
    )


def _retry_import() -> Operation:
    return operation(
        "retryImport",
        "Import the failed and unprocessed rows again",
        tag=IMPORTS,
        scope=WRITE,
        parameters=[IMPORT_ID, IDEMPOTENCY_KEY, *IMPORT_FIELDS, *mended_parameters()],
        body=mended_body(),
        answers={"201": _created()},
        refused=(404, 423, *BODY),
        description="It may carry the failed rows, mended: each names by `index` or `line` the row "
        "that it stands for. `dry_run` checks them, and is not the retry.",
    )
