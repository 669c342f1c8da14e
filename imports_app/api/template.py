"""`GET /api/<resource_type>/template.csv`: the header of a CSV of that type."""

from django.http import HttpResponse
from rest_framework.request import Request

from imports_app.api.importers import importer_or_404
from imports_app.api.own_view import OwnView
from imports_app.api.parameters import refuse_unknown
from imports_app.api.renderers import CsvRenderer
from imports_app.models.scopes import Scope
from imports_app.outputs.template import template_of


class TemplateView(OwnView):
    """A file to fill in: one line with every column that a row of the type may have."""

    required_scopes = {"GET": Scope.READ}
    renderer_classes = (CsvRenderer,)

    def get(self, request: Request, resource_type: str) -> HttpResponse:
        """Return the file."""
        refuse_unknown(request.query_params, ())
        return template_of(importer_or_404(resource_type))
