"""The paths of a resource type with their operations."""

from imports_app.api.openapi.documents import one, page
from imports_app.api.openapi.operations import CSV, Paths, document, file, operation, tagged
from imports_app.api.openapi.parameters import IF_NONE_MATCH, fields, in_path, include, of_listing
from imports_app.api.records.views import RecordViewSet
from imports_app.api.template import TemplateView, WorkbookView
from imports_app.importer import Importer
from imports_app.outputs.workbook import MEDIA_TYPE as XLSX


def record_paths(importer: Importer) -> Paths:
    """Return the listing, the single record and the templates."""
    name = importer.resource_type
    view = RecordViewSet(kwargs={"resource_type": name})
    scope = view.required_scopes["GET"]
    relations = view.record_type.relationships
    included = {*relations.values()}
    shown = [fields(name), *include(relations)]
    rows = document("A page of records.", page(name, included))
    files = file("All of them as a file to change and import again.", CSV, XLSX)
    listing = operation(
        f"list_{name}",
        f"List {name}",
        tag=name,
        scope=scope,
        parameters=[*of_listing(view), *shown],
        answers={"200": {**rows, **files, "content": {**rows["content"], **files["content"]}}},
        description="`Accept: text/csv`, or that of xlsx, asks for the file, which has no pages.",
    )
    single = operation(
        f"retrieve_{name}",
        f"Retrieve one of the {name}",
        tag=name,
        scope=scope,
        parameters=[in_path("id", "The record's id."), *shown, IF_NONE_MATCH],
        answers=tagged(document("The record.", one(name, included))),
        refused=(404,),
    )
    template = operation(
        f"template_{name}",
        f"A CSV of {name} to fill in",
        tag=name,
        scope=TemplateView.required_scopes["GET"],
        answers={"200": file("One line with every column that a row may have.")},
    )
    sheet = operation(
        f"template_xlsx_{name}",
        f"A spreadsheet of {name} to fill in",
        tag=name,
        scope=WorkbookView.required_scopes["GET"],
        answers={"200": file("The same with notes, lists of values and an example.", XLSX)},
    )
    return {
        f"/api/{name}": {"get": listing},
        f"/api/{name}/{{id}}": {"get": single},
        f"/api/{name}/template.csv": {"get": template},
        f"/api/{name}/template.xlsx": {"get": sheet},
    }
