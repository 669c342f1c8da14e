"""Staff pages of imports: to look at, to interrupt, to delete."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from imports_app.admin import excerpts
from imports_app.admin.base import StaffAdmin
from imports_app.admin.filters import ResourceTypeFilter
from imports_app.exceptions import ImportInProgress
from imports_app.models import Import
from imports_app.services import delete_import, request_interrupt
from imports_app.status import FINAL, Status

WITH_ERRORS = "completed_with_errors"
BADGES = {
    Status.PENDING: "default",
    Status.IN_PROGRESS: "info",
    Status.INTERRUPTED: "danger",
    Status.COMPLETED: "success",
    WITH_ERRORS: "warning",
}
BIG_COLUMNS = ("metadata", "interruption")


@admin.register(Import)
class ImportAdmin(StaffAdmin):
    """Imports change by what clients and workers do, never by hand."""

    list_display = (
        "resource_type",
        "badge",
        "progress",
        "errors_count",
        "mode",
        "client",
        "reference",
        "created_at",
    )
    list_filter = ("status", "mode", ResourceTypeFilter, "created_at")
    list_select_related = ("client",)
    search_fields = ("id__startswith", "reference__startswith")
    search_help_text = "The beginning of an id or of a reference."
    change_form_outer_after_template = "imports_app/admin/excerpts.html"
    actions_detail = ("interrupt",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "id",
                    ("resource_type", "parent_resource_id"),
                    ("outcome", "mode"),
                    ("client", "reference"),
                )
            },
        ),
        (
            "Counts",
            {
                "fields": (
                    ("inputs_size", "processed_count", "errors_count", "warnings_count"),
                    ("created_count", "updated_count", "unchanged_count", "destroyed_count"),
                    "interruption",
                )
            },
        ),
        (
            "Times",
            {
                "fields": (
                    ("created_at", "updated_at"),
                    ("started_at", "completed_at"),
                    "interrupted_at",
                )
            },
        ),
        (
            "What was asked for",
            {
                "classes": ("collapse",),
                "fields": (
                    ("format", "skip_errors", "dry_run"),
                    ("cleanup_records", "cleanup_limit"),
                    "reference_origin",
                    "metadata",
                    ("position", "interrupt_requested"),
                ),
            },
        ),
    )

    class Media:
        css = {"all": ("imports_app/excerpts.css",)}

    @display(description="status", ordering="status", label=BADGES)  # type: ignore[untyped-decorator]
    def badge(self, import_: Import) -> tuple[str, str]:
        """The status; completed with errors is not the same as completed."""
        if import_.status == Status.COMPLETED and import_.errors_count:
            return WITH_ERRORS, "Completed with errors"
        if import_.status == Status.IN_PROGRESS and import_.interrupt_requested:
            return Status.IN_PROGRESS, "Being interrupted"
        return import_.status, Status(import_.status).label

    @admin.display(description="status")
    def outcome(self, import_: Import) -> str:
        """The same in words, for the page of one import."""
        _, label = self.badge(import_)
        return str(label)

    @admin.display(description="processed", ordering="processed_count")
    def progress(self, import_: Import) -> str:
        """How many of its rows took effect."""
        return f"{import_.processed_count:,} of {import_.inputs_size:,}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Import]:
        """Without the columns that may be large; the page of one import loads them for itself."""
        imports: QuerySet[Import] = super().get_queryset(request)
        return imports.defer(*BIG_COLUMNS)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """All there are."""
        return (*(field.name for field in self.opts.fields), "outcome")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: imports are made by clients."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_interrupt_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Those whom Django's own permission lets change imports; they can't do more than this."""
        return bool(request.user.has_perm("imports_app.change_import"))

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]:
        """Interrupt, as long as there is something to interrupt."""
        import_ = self.get_object(request, object_id)
        if import_ is None or import_.status in FINAL:
            return []
        return list(super().get_actions_detail(request, object_id))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With the beginnings of its logs and rows."""
        context["excerpts"] = excerpts.tables(context["original"])
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    @action(  # type: ignore[untyped-decorator]
        description="Interrupt", permissions=["interrupt"], variant=ActionVariant.DANGER
    )
    def interrupt(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks first, then stops the import as a client's `_interrupt` does."""
        import_ = self.found(request, object_id)
        if request.method != "POST":
            return self.confirmation(
                request,
                import_,
                title="Interrupt this import?",
                question="Rows that took effect stay; the others are not gone through any more.",
                button="Interrupt",
            )
        if import_.status in FINAL:
            message = f"It is {import_.get_status_display().lower()} already: nothing was changed."
            return self.back_with(request, import_, message, level=messages.WARNING)
        import_ = request_interrupt(import_=import_)
        self.log_change(request, import_, "Asked to interrupt.")
        stopped = import_.status == Status.INTERRUPTED
        message = "It is interrupted." if stopped else "It stops after the batch in hand."
        return self.back_with(request, import_, message)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Refuses while a worker has the import."""
        try:
            response: HttpResponse = super().delete_view(request, object_id, extra_context)
        except ImportInProgress:
            message = "It is in progress: interrupt it first, or wait until it is completed."
            import_ = self.found(request, object_id)
            return self.back_with(request, import_, message, level=messages.ERROR)
        return response

    def delete_model(self, request: HttpRequest, obj: Import) -> None:
        """As a client's DELETE does. Raises ImportInProgress."""
        delete_import(import_=obj)
