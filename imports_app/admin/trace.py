"""The imports that touched a record, on the record's staff page."""

from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from imports_app.admin.base import StaffAdmin
from imports_app.admin.callers import name_callers
from imports_app.admin.diff.tables import Cell, cells_of
from imports_app.models import Import, KeptChanges
from imports_app.models.ids import parse_id
from imports_app.outputs.changes import UNREADABLE, Entry, merged, why_unreadable, work_out
from imports_app.storage.changes import opened, touching
from imports_app.storage.lines import lines_at

SHOWN = 20


class TracedChange(NamedTuple):
    """What one import changed in the record."""

    import_: Import
    entry: Entry
    cells: dict[str, Cell]


class TracedRecords(StaffAdmin):
    """A base for the staff page of a model that has a resource type.

    Changes are searched only when somebody asks for them, not whenever the record is shown.
    """

    change_form_outer_after_template = "imports_app/admin/trace.html"

    class Media:
        js = ("imports_app/keyboard.js", "imports_app/load.js")

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """Return the page of the imports that touched a record."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_imports"
        return (("<path:object_id>/imports/", name, self.imports), *super().get_custom_urls())

    def imports(self, request: HttpRequest, object_id: str, **_: Any) -> HttpResponse:
        """Return the page, even for a record that is gone."""
        may_see_imports = request.user.has_perm("imports_app.view_import")
        if not (self.has_view_permission(request) and may_see_imports):
            raise PermissionDenied
        pk = parse_id(self.model._meta.pk, object_id)
        record = None if pk is None else self.get_object(request, object_id)
        problem, found = "", []
        try:
            found = [] if pk is None else traced_changes(self.model, str(pk))
        except UNREADABLE as error:
            problem = why_unreadable(error)
        if record is None and not found:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Imports that touched {record or object_id}",
            "record": record,
            "traced": found,
            "more": len(found) == SHOWN,
            "problem": problem,
        }
        return TemplateResponse(request, "imports_app/admin/record_imports.html", context)


def traced_changes(model: type[Model], pk: str) -> list[TracedChange]:
    """Return what imports, but no dry runs, changed in the record: the latest ones, the last first.

    Searches the packed ids of what imports changed. Raises the errors of UNREADABLE.
    """
    found = (
        KeptChanges.objects.alias(place=touching(model, pk))
        .filter(place__gt=0, bulk_import__dry_run=False)
        .select_related("bulk_import__created_by")
        .defer("touched")
        .order_by("-bulk_import_id", "-number")
    )
    entries = [
        entry
        for kept in found[:SHOWN]
        for entry in reversed(merged(kept.bulk_import, opened(kept)))
        if entry.model is model and entry.pk == pk
    ]
    work_out(entries)
    name_callers(entry.import_ for entry in entries)
    for entry in entries:
        if entry.index is not None:
            entry.line = lines_at(entry.import_.pk, [entry.index]).get(entry.index)
    return [TracedChange(entry.import_, entry, cells_of(entry)) for entry in entries]
