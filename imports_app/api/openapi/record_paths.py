"""The paths of a resource type and their operations."""

from imports_app.api.openapi.documents import one, page
from imports_app.api.openapi.operations import (
    ASKS_FOR_FILE,
    Operation,
    Paths,
    document,
    file,
    operation,
    page_or_file,
    tagged,
)
from imports_app.api.openapi.parameters import IF_NONE_MATCH, fields, in_path, include, of_listing
from imports_app.api.records.views import RecordViewSet
from imports_app.api.template import TemplateView, WorkbookView
from imports_app.importer import Importer
from imports_app.outputs.workbook import MEDIA_TYPE as XLSX

READ = RecordViewSet.required_scopes["GET"]


def record_paths(importer: Importer) -> Paths:
    """Return the listing, the single record and the templates."""
    name = importer.resource_type
    view = RecordViewSet(kwargs={"resource_type": name})
    return {
        f"/api/{name}": {"get": _listing(name, view)},
        f"/api/{name}/{{id}}": {"get": _single(name, view)},
        f"/api/{name}/template.csv": {"get": _template(name)},
        f"/api/{name}/template.xlsx": {"get": _sheet(name)},
    }


def _listing(name: str, view: RecordViewSet) -> Operation:
    relations = view.record_type.relationships
    rows = document("A page of records.", page(name, {*relations.values()}))
    return operation(
        f"list_{name}",
        f"List {name}",
        tag=name,
        scope=READ,
        parameters=[*of_listing(view), fields(name), *include(relations)],
        answers={"200": page_or_file(rows, "All records as a file to change and import again.")},
        description=ASKS_FOR_FILE,
    )


def _single(name: str, view: RecordViewSet) -> Operation:
    relations = view.record_type.relationships
    return operation(
        f"retrieve_{name}",
        f"Retrieve one of the {name}",
        tag=name,
        scope=READ,
        parameters=[
            in_path("id", "The record's id."),
            fields(name),
            *include(relations),
            IF_NONE_MATCH,
        ],
        answers=tagged(document("The record.", one(name, {*relations.values()}))),
        refused=(404,),
    )


def _template(name: str) -> Operation:
    return operation(
        f"template_{name}",
        f"A CSV of {name} to fill in",
        tag=name,
        scope=TemplateView.required_scopes["GET"],
        answers={"200": file("One line with every column that a row may have.")},
    )


def _sheet(name: str) -> Operation:
    return operation(
        f"template_xlsx_{name}",
        f"A spreadsheet of {name} to fill in",
        tag=name,
        scope=WorkbookView.required_scopes["GET"],
        answers={"200": file("The same with notes, lists of values and an example.", XLSX)},
    )
