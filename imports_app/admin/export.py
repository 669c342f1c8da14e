"""Export on the lists of records: all that the list's filters and its search find, as a file."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from imports_app.admin.base import StaffAdmin
from imports_app.exceptions import TooManyRecords
from imports_app.outputs.record_types import record_type_for
from imports_app.outputs.records_as_file import records_as_file
from imports_app.outputs.workbook import can_write
from imports_app.registry import importers

FORMS = ("csv", "xlsx") if can_write() else ("csv",)


class ExportedRecords(StaffAdmin):
    """For the staff page of a model of which there is a resource type."""

    change_list_template = "imports_app/admin/record_list.html"

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """Return that of the file, which takes the list's own parameters."""
        return (("export.<str:form>", self._export_name, self.export), *super().get_custom_urls())

    def export(self, request: HttpRequest, form: str, **_: Any) -> HttpResponseBase:
        """Return the file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        importer = importers.for_model(self.model)
        if importer is None or form not in FORMS:
            raise Http404
        listing = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        try:
            records = self.get_changelist_instance(request).get_queryset(request)
            return records_as_file(records, record_type_for(importer), is_sheet=form == "xlsx")
        except IncorrectLookupParameters:
            return redirect(listing)
        except TooManyRecords as reason:
            self.message_user(request, f"{reason} Export them as CSV.", messages.ERROR)
            return redirect(listing)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Return the list with links to the file in each form."""
        exports = [
            (form, reverse(f"admin:{self._export_name}", args=[form]))
            for form in FORMS
            if importers.for_model(self.model)
        ]
        return super().changelist_view(request, {**(extra_context or {}), "exports": exports})

    @property
    def _export_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_export"
