"""New imports, made by staff: from a file, by a dry run that they look at, to the import itself.

The dry run holds the rows between the steps. It is an import like any other, so that the steps may
be answered by different hosts, nothing has to be kept beside the database, and whatever prunes
imports prunes it, too. The import that follows takes its rows from there.

A group of staff who import needs the permissions `view_import` and `run_import`; `interrupt_import`
and `cleanup_import` for those who may do that, too.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from unfold.decorators import action

from imports_app.admin.audit import StaffAction, record, staff
from imports_app.admin.import_actions import ImportActions
from imports_app.admin.new_import_columns import attributes_of
from imports_app.admin.new_import_form import NewImportForm
from imports_app.conf import conf
from imports_app.engine.types import schema_for
from imports_app.importer import Importer
from imports_app.models import ONLY, Import
from imports_app.outputs.template import template_of
from imports_app.registry import importers
from imports_app.services import create_import

LIST = "admin:imports_app_import_changelist"
NEW = "admin:imports_app_import_new_import"
CHECK = "admin:imports_app_import_check"
# What a further file may be meant for, too: their values can stand in an address.
KEPT = (
    "mode",
    "parent_resource_id",
    "reference",
    "if_exists",
    "if_missing",
    "skip_errors",
    "all_or_nothing",
)
TEMPLATE = "imports_app/admin/new_import.html"


class NewImport(ImportActions):
    """The page that asks for rows, for the class that shows imports."""

    actions_list = ("new_import",)

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """Return a file to fill in."""
        template = ("template/", "imports_app_import_template", self.template)
        return (template, *super().get_custom_urls())

    @action(description="New import", permissions=["run"], icon="add")  # type: ignore[untyped-decorator]
    def new_import(self, request: HttpRequest) -> HttpResponse:
        """Ask for the type first, then for rows and options that are right for it."""
        resource_type = request.GET.get("resource_type", "")
        if resource_type not in importers:
            return self._asked(request, resource_type)
        importer = importers.get(resource_type)
        may_clean_up = self.has_cleanup_permission(request)
        if "cleanup_records" in request.POST and not may_clean_up:
            raise PermissionDenied
        form = NewImportForm(
            request.POST or None,
            request.FILES or None,
            importer=importer,
            may_clean_up=may_clean_up,
            initial={name: request.GET[name] for name in KEPT if name in request.GET},
        )
        if form.is_valid():
            return self._made(request, form)
        return self._asked(request, resource_type, form)

    def template(self, request: HttpRequest, **_: Any) -> HttpResponse:
        """Return a CSV with nothing but the header of a type."""
        self.require(request, "run")
        resource_type = request.GET.get("resource_type", "")
        if resource_type not in importers:
            return self._asked(request, resource_type)
        return template_of(importers.get(resource_type))

    def _asked(
        self, request: HttpRequest, resource_type: str, form: NewImportForm | None = None
    ) -> HttpResponse:
        importer = form.importer if form else None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "New import",
            "types": [each.resource_type for each in importers],
            "resource_type": resource_type,
            "problem": bool(resource_type) and importer is None,
            "form": form,
            "attributes": _attributes(importer),
            "template_url": _template_url(resource_type),
            "another_type_url": reverse(NEW),
            "back": reverse(LIST),
            "max_bytes": conf.max_request_bytes,
            "max_rows": conf.max_rows,
        }
        response = TemplateResponse(request, TEMPLATE, context)
        patch_cache_control(response, private=True, no_store=True)  # it may have rows in it
        return response

    def _made(self, request: HttpRequest, form: NewImportForm) -> HttpResponse:
        deed = StaffAction.DRY_RUN if form.cleaned_data["dry_run"] else StaffAction.CREATED
        file = form.cleaned_data["file"]
        source = f"the file {file.name}" if file else "pasted rows"
        with transaction.atomic():
            import_ = create_import(
                order=form.order,
                mode=form.cleaned_data.get("mode", ONLY),
                client=None,
                created_by=staff(request),
            )
            record(request, import_, deed, f"of {import_.inputs_size:,} rows of {source}")
        if import_.dry_run:
            return redirect(CHECK, import_.pk)
        return self.back_with(request, import_, "The import is made; it begins in its turn.")


def another_url(import_: Import) -> str:
    """Return where a further file may be given for what this one was for."""
    query = QueryDict(mutable=True)
    query["resource_type"] = import_.resource_type
    for name in KEPT:
        if (name != "mode" or conf.modes) and (value := getattr(import_, name)):
            query[name] = str(value)
    return f"{reverse(NEW)}?{query.urlencode()}"


def _attributes(importer: Importer | None) -> list[Any]:
    return list(attributes_of(schema_for(importer))) if importer else []


def _template_url(resource_type: str) -> str:
    query = QueryDict(mutable=True)
    query["resource_type"] = resource_type
    return f"{reverse('admin:imports_app_import_template')}?{query.urlencode()}"
