"""The buttons Import and Export for the list of a project's own ModelAdmin."""

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import select_template
from django.urls import NoReverseMatch, path, reverse

from imports_app.conf import conf
from imports_app.exceptions import BeyondSheets
from imports_app.importer import Importer
from imports_app.models import Mode
from imports_app.outputs.record_files import records_as_file
from imports_app.outputs.record_types import record_type_for
from imports_app.outputs.workbook import can_write
from imports_app.permissions import LIVE, may_import, may_view
from imports_app.registry import importers
from imports_app.templatetags.imports_admin import LOOK

RUN = "imports_app.run_import"


class Link(NamedTuple):
    """A button."""

    title: str
    href: str


class ImportButtonMixin:
    """A base before ModelAdmin: `class BookAdmin(ImportButtonMixin, admin.ModelAdmin)`.

    Import leads to the staff page for new imports, if there is one. Export gives the records that
    the list shows, as a file that can be changed and imported again. Each button is shown to users
    with the permissions for it, of the model and of imports.
    """

    model: Any
    opts: Any
    admin_site: Any
    change_list_template = f"imports_app/admin/buttons/{LOOK}.html"

    def get_urls(self) -> list[Any]:
        """Return the URLs of the exported files, before those of the pages."""
        names = ("csv", "xlsx") if can_write() else ("csv",)
        files = [
            path(
                f"export.{name}",
                self.admin_site.admin_view(partial(self.export, is_sheet=name == "xlsx")),
                name=self._name(name),
            )
            for name in names
        ]
        return [*files, *super().get_urls()]  # type: ignore[misc]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Return the list with the buttons. It keeps the template that it has without them."""
        context = {"import_buttons": list(self._buttons(request)), "list_frame": self._frame()}
        view: Any = super().changelist_view  # type: ignore[misc]
        response: HttpResponse = view(request, {**context, **(extra_context or {})})
        return response

    def export(self, request: HttpRequest, *, is_sheet: bool) -> HttpResponseBase:
        """Return all records that the list shows for this query, on whichever of its pages."""
        importer = importers.for_model(self.model)
        if importer is None or not self._may_export(request, importer):
            raise PermissionDenied
        try:
            changelist: Any = self.get_changelist_instance(request)  # type: ignore[attr-defined]
            records = _seen(request, changelist.get_queryset(request), importer)
            return records_as_file(records, record_type_for(importer), is_sheet=is_sheet)
        except BeyondSheets as reason:
            messages.error(request, f"{reason} Export them as CSV.")
        except (IncorrectLookupParameters, ValueError):
            pass  # the list leaves out a filter that it can't read, too
        return redirect(f"{self.admin_site.name}:{self._name('changelist')}")

    def _buttons(self, request: HttpRequest) -> Iterator[Link]:
        importer = importers.for_model(self.model)
        if importer is None:
            return
        user: Any = request.user
        page = _page_of(self.admin_site.name, importer)
        if page and user.has_perm(RUN) and may_import(user, importer):
            yield Link("Import", page)
        if self._may_export(request, importer):
            query = f"?{request.GET.urlencode()}" if request.GET else ""
            for name, title in (("csv", "Export"), ("xlsx", "Export as spreadsheet")):
                if name == "csv" or can_write():
                    address = reverse(f"{self.admin_site.name}:{self._name(name)}")
                    yield Link(title, f"{address}{query}")

    def _may_export(self, request: HttpRequest, importer: Importer) -> bool:
        may_look: bool = self.has_view_permission(request)  # type: ignore[attr-defined]
        return may_look and may_view(request.user, importer)

    def _frame(self) -> Any:
        """Return the template that the list has without the mixin."""
        app, model = self.opts.app_label, self.opts.model_name
        folders = (f"admin/{app}/{model}", f"admin/{app}", "admin")
        usual = [f"{folder}/change_list.html" for folder in folders]
        own = super().change_list_template  # type: ignore[misc]
        return select_template([own] if own else usual)

    def _name(self, what: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{what}"


def _page_of(site: str, importer: Importer) -> str | None:
    """Return the URL of the page for new imports of the type; None if there are no staff pages."""
    try:
        page = reverse(f"{site}:imports_app_import_new_import")
    except NoReverseMatch:
        return None
    return f"{page}?resource_type={importer.resource_type}"


def _seen(request: HttpRequest, records: QuerySet[Any], importer: Importer) -> QuerySet[Any]:
    """Return the records that the user may see. Live records need a permission of their own."""
    user: Any = request.user
    if not conf.modes or user.has_perm(LIVE):
        return records
    schema = record_type_for(importer).schema
    return records.filter(pk__in=schema.records(Mode.TEST).values("pk"))
