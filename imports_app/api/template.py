"""`GET /api/<resource_type>/template.csv` and `.xlsx`: a file of that type to fill in."""

from django.http import HttpResponse
from rest_framework.request import Request

from imports_app.api.base_view import BaseView
from imports_app.api.errors import standard_error
from imports_app.api.importers import importer_for
from imports_app.api.parameters import refuse_unknown
from imports_app.api.renderers import CsvRenderer, XlsxRenderer
from imports_app.models.choices import Scope
from imports_app.outputs.template import template_of, workbook_of
from imports_app.outputs.workbook import can_write


class TemplateView(BaseView):
    """Returns a CSV to fill in: one line with every column that a row of the type may have."""

    required_scopes = {"GET": Scope.READ}
    renderer_classes = (CsvRenderer,)

    def get(self, request: Request, resource_type: str) -> HttpResponse:
        """Return the file."""
        refuse_unknown(request.query_params, ())
        return template_of(importer_for(self.caller, resource_type))


class WorkbookView(BaseView):
    """Returns the template as a spreadsheet, with notes, lists of values and an example."""

    required_scopes = {"GET": Scope.READ}
    renderer_classes = (XlsxRenderer,)

    def get(self, request: Request, resource_type: str) -> HttpResponse:
        """Return the file."""
        refuse_unknown(request.query_params, ())
        importer = importer_for(self.caller, resource_type)
        if not can_write():
            raise standard_error(404, "Spreadsheets can't be written here: ask for template.csv.")
        return workbook_of(importer)
