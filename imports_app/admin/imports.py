"""Staff pages of imports: to watch, interrupt, retry and delete them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from imports_app.admin import excerpts, failures
from imports_app.admin.approvals import ApprovalPages
from imports_app.admin.callers import CallerFilter, NamesCallers
from imports_app.admin.check import CheckImport
from imports_app.admin.diff.section import diff_of
from imports_app.admin.filters import DryRunFilter, HasErrorsFilter, ResourceTypeFilter
from imports_app.admin.frame import action, label
from imports_app.admin.glance import Glance
from imports_app.admin.home import TEMPLATE as HOME
from imports_app.admin.home import dashboard, now_context
from imports_app.conf import conf
from imports_app.models import Import, Proposal
from imports_app.models.attributes import ATTRIBUTES
from imports_app.models.status import FINAL
from imports_app.registry import importers
from imports_app.services.undoing import standing_undo

BIG_COLUMNS = ("metadata", "interruption")
RETRIES = 20


@admin.register(Import)
class ImportAdmin(NamesCallers, CheckImport, ApprovalPages):
    """The pages of imports. No form changes an import: only clients and workers do."""

    actions_list = (*CheckImport.actions_list, *ApprovalPages.actions_list, "my_work")
    list_display = ("kind", "badge", "progress", "duration", "who", "mode", "reference", "age")
    list_filter = (
        "created_by",
        "status",
        HasErrorsFilter,
        DryRunFilter,
        ResourceTypeFilter,
        "mode",
        CallerFilter,
        "created_at",
    )
    list_select_related = ("created_by",)
    list_fullwidth = True
    search_fields = ("id__startswith", "reference__startswith", "file__name")
    search_help_text = "The beginning of an id or a reference, or a part of a file name."
    change_list_template = "imports_app/admin/import_list.html"
    change_form_outer_before_template = "imports_app/admin/import_live.html"
    change_form_outer_after_template = "imports_app/admin/excerpts.html"

    @admin.display(description="import", ordering="resource_type")
    def kind(self, import_: Import) -> SafeString:
        """Its type, the name of its file, and whether it is an undo, a dry run, or checked."""
        hints = (
            "undo" if import_.is_undo else "",
            "dry run" if import_.dry_run else "",
            "checked first" if import_.check_of_id else "",
        )
        name = str((import_.file or {}).get("name") or "")
        words = " · ".join(filter(None, (*hints, name)))
        return format_html("{} <span class='hint'>{}</span>", import_.resource_type, words)

    @admin.display(description="status", ordering="status")
    def badge(self, import_: Import) -> SafeString:
        """Return the state. *Completed with errors* is a state of its own."""
        glance = Glance(import_)
        return label(glance.label, glance.colour)

    @admin.display(description="rows", ordering="processed_count")
    def progress(self, import_: Import) -> SafeString:
        """Return a bar that shows what became of its rows, and the numbers."""
        return render_to_string("imports_app/admin/progress.html", {"glance": Glance(import_)})

    @admin.display(description="took")
    def duration(self, import_: Import) -> str:
        """How long it has run or waited."""
        return Glance(import_).duration

    @admin.display(description="by", ordering="caller")
    def who(self, import_: Import) -> str:
        """Return the client that it belongs to, and the member of staff who made it."""
        user = str(import_.created_by) if import_.created_by else ""
        caller = self.client(import_) if import_.caller else ""
        return " · ".join(filter(None, (caller, user))) or "-"

    @admin.display(description="age", ordering="created_at")
    def age(self, import_: Import) -> SafeString:
        """How long ago it was created; the tooltip has the exact time."""
        at = import_.created_at
        title = f"{at:%Y-%m-%d %H:%M:%S} UTC"
        form = "<time datetime='{}' title='{}'>{}</time>"
        return format_html(form, at.isoformat(), title, Glance(import_).age)

    @admin.display(description="parent")
    def parent(self, import_: Import) -> str:
        """Return the record that the rows belong to."""
        return parent_link(import_)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Import]:
        """Return the imports without large columns, which the page of one import loads itself."""
        imports: QuerySet[Import] = super().get_queryset(request)
        return imports.defer(*BIG_COLUMNS)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the attributes that were sent, arranged in lines, and who sent them."""
        by_line: dict[str, list[str]] = {}
        for name, attribute in ATTRIBUTES.items():
            if attribute.line:
                field = "parent" if name == "parent_resource_id" else name
                by_line.setdefault(attribute.line, []).append(field)
        fields = [*by_line.values(), ["client", "created_by", "approved_by"], ["id", "position"]]
        fields[-1:-1] = [["mode"]] if conf.modes else []
        return [("Options", {"fields": fields})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return every field: none can be changed here."""
        return (*(field.name for field in self.opts.fields), "parent", "client")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: imports aren't made by Django's form."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: imports can't be changed by a form."""
        return False

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """Return the URLs that the pages' scripts poll while imports run."""
        return (
            ("live/", "imports_app_import_live_list", self.live_list),
            ("now/", "imports_app_import_now", self.now),
            *super().get_custom_urls(),
            ("<path:object_id>/live/", "imports_app_import_live", self.live),
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Return the list. It tells its script whether to poll."""
        is_active = Import.objects.active().exists()
        return super().changelist_view(request, {"is_active": is_active, **(extra_context or {})})

    def live_list(self, request: HttpRequest, **_: Any) -> HttpResponse:
        """Return only the list's current part, for the same query."""
        response = self.changelist_view(request)
        if isinstance(response, TemplateResponse):
            response.template_name = "imports_app/admin/import_list_live.html"
        return response

    def has_work_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Return whether My work is offered. It isn't if the site's home page shows the same."""
        is_elsewhere = self.admin_site.index_template != HOME
        return is_elsewhere and bool(self.has_view_permission(request))

    @action(description="My work", permissions=["work"])  # type: ignore[untyped-decorator]
    def my_work(self, request: HttpRequest) -> HttpResponse:
        """Return the content of our home page, for projects that have a home page of their own."""
        context = {**self.admin_site.each_context(request), "title": "My work", "opts": self.opts}
        return TemplateResponse(request, HOME, dashboard(request, context))

    def now(self, request: HttpRequest, **_: Any) -> HttpResponse:
        """Return the part of the home page that changes."""
        self.require(request, "view")
        return TemplateResponse(
            request, "imports_app/admin/home_live.html", now_context(request.user)
        )

    def live(self, request: HttpRequest, object_id: str, **_: Any) -> HttpResponse:
        """Return the part of a running import's page that changes."""
        self.require(request, "view")
        import_ = self.found(request, object_id)
        context = self.live_context(request, import_)
        return TemplateResponse(request, self.change_form_outer_before_template, context)

    def live_context(self, request: HttpRequest, import_: Import) -> dict[str, Any]:
        """Return the context of the page's live part."""
        diff = diff_of(import_, request.GET)
        has_failures = bool(import_.errors_count)
        return {
            "original": import_,
            "modes": conf.modes,
            "glance": Glance(import_),
            "parent": parent_link(import_),
            "retries": import_.retries.only("id", "created_at")[:RETRIES],
            "undone_as": standing_undo(import_) if diff else None,
            "outdated": self.outdated(request, import_),
            "proposals": _proposals(import_),
            "events": import_.events.only("name", "created_at").order_by("rank"),
            "buttons": self.buttons(request, import_),
            "groups": failures.groups(import_) if has_failures else [],
            "failed": failures.page_of(import_, request.GET) if has_failures and not diff else None,
            "diff": diff,
        }

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Return the page with the outcome of the import, and its first warnings and rows."""
        import_ = context["original"]
        context |= self.live_context(request, import_)
        context["excerpts"] = excerpts.tables(import_)
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response


def _proposals(import_: Import) -> list[Proposal]:
    """Return the open proposals about the import; none while it is still running."""
    return list(import_.proposals.select_related("asked_by")) if import_.status in FINAL else []


def parent_link(import_: Import) -> str:
    """Return the parent's id, as a link if it has a page, or a dash. This needs no query."""
    parent_id = import_.parent_resource_id
    if not parent_id:
        return "-"
    address = _address(import_.resource_type, parent_id)
    return format_html("<a href='{}'>{}</a>", address, parent_id) if address else parent_id


def _address(resource_type: str, parent_id: str) -> str | None:
    importer = importers.find(resource_type)
    if importer is None or importer.parent is None:
        return None
    opts = importer.relations[importer.parent].to._meta
    try:
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[parent_id])
    except NoReverseMatch:
        return None
