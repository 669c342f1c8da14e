"""The page where a new import begins, with a file or pasted cells. It lists waiting drafts, too."""

from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control

from imports_app.admin.audit import staff
from imports_app.admin.drafting.draft import Draft
from imports_app.admin.drafting.start_form import StartForm
from imports_app.admin.drafting.understanding import look
from imports_app.admin.frame import action
from imports_app.admin.import_actions import ImportActions
from imports_app.conf import conf
from imports_app.database import atomic
from imports_app.exceptions import DraftsFull
from imports_app.inputs import Unreadable
from imports_app.models import Import, ImportDraft
from imports_app.outputs.template import template_of
from imports_app.permissions import may_import
from imports_app.registry import importers
from imports_app.storage import drafts

NEW = "admin:imports_app_import_new_import"
READ = "admin:imports_app_import_draft"
LIST = "admin:imports_app_import_changelist"
# The fields whose values are kept for the next file. They are short enough for a URL.
KEPT = (
    "mode",
    "parent_resource_id",
    "reference",
    "if_exists",
    "if_missing",
    "skip_errors",
    "all_or_nothing",
)
MAX_VALUE = 255  # characters of one of them
SHOWN_DRAFTS = 20


class StartPage(ImportActions):
    """The page that asks for rows; a base of ImportAdmin."""

    actions_list: tuple[str, ...] = ("new_import",)

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """Return the URL of the template, a file to fill in."""
        template = ("template/", "imports_app_import_template", self.template)
        return (template, *super().get_custom_urls())

    @action(description="New import", permissions=["run"], icon="add")  # type: ignore[untyped-decorator]
    def new_import(self, request: HttpRequest) -> HttpResponse:
        """Ask for a file; on POST, make a draft of it."""
        initial = {"resource_type": request.GET.get("resource_type", "")}
        form = StartForm(request.POST or None, request.FILES or None, initial=initial)
        if form.is_valid() and (draft := self._draft(request, form)):
            return redirect(READ, draft.kept.pk)
        context = {
            "form": form,
            "drafts": _drafts_of(request),
            "types": [each.resource_type for each in importers if may_import(request.user, each)],
            "max_bytes": conf.max_request_bytes,
            "max_rows": conf.max_rows,
            "days": conf.draft_days,
        }
        return self.step(request, "start.html", "New import", **context)

    def template(self, request: HttpRequest, **_: Any) -> HttpResponse:
        """Return a CSV with nothing but the header of a type."""
        self.require(request, "run")
        resource_type = request.GET.get("resource_type", "")
        if resource_type not in importers:
            return redirect(NEW)
        return template_of(importers.get(resource_type))

    def step(self, request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
        """Return a page in the layout of the others. It shows rows, so no cache may keep it."""
        frame = self.admin_site.each_context(request)
        context = {**frame, "opts": self.opts, "title": title, "back": reverse(LIST), **context}
        response = TemplateResponse(request, f"imports_app/admin/drafting/{template}", context)
        patch_cache_control(response, private=True, no_store=True)
        return response

    def _draft(self, request: HttpRequest, form: StartForm) -> Draft | None:
        """Return a draft of what was sent; None if there can't be one, and the form says why."""
        values = form.cleaned_data
        file = values["file"]
        stream = file or BytesIO(values["text"].encode())
        name = file.name.replace("\\", "/").rpartition("/")[2][:MAX_VALUE] if file else ""
        try:
            with atomic():
                kept = drafts.create(staff(request), values["resource_type"], name, stream)
                draft = Draft(kept)
                draft.state.order = {
                    key: request.GET[key][:MAX_VALUE] for key in KEPT if key in request.GET
                }
                look(draft)
                draft.save()
        except (DraftsFull, Unreadable) as refusal:
            form.add_error("file" if file else "text", str(refusal))
            return None
        return draft


def another_url(import_: Import) -> str:
    """Return the URL where another file can be imported with the same values of KEPT."""
    query = QueryDict(mutable=True)
    query["resource_type"] = import_.resource_type
    for name in KEPT:
        if (name != "mode" or conf.modes) and (value := getattr(import_, name)):
            query[name] = str(value)
    return f"{reverse(NEW)}?{query.urlencode()}"


def _drafts_of(request: HttpRequest) -> list[ImportDraft]:
    found = ImportDraft.objects.filter(owner=staff(request)).select_related("last_check")
    return list(found.defer("state")[:SHOWN_DRAFTS])
