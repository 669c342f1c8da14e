"""The filters of the list of imports."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from imports_app.models import Import
from imports_app.registry import importers


class ResourceTypeFilter(admin.SimpleListFilter):
    """Offers all registered types, because finding those in the table would mean reading it."""

    title = "resource type"
    parameter_name = "resource_type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return a choice for each resource type."""
        return [(importer.resource_type, importer.resource_type) for importer in importers]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Import]) -> QuerySet[Import]:
        """Return the imports of the chosen type."""
        return queryset.filter(resource_type=self.value()) if self.value() else queryset


class DryRunFilter(admin.SimpleListFilter):
    """Offers dry runs or imports. By default, checks that led to an import are left out."""

    title = "dry run"
    parameter_name = "dry_run__exact"

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self._searched = request.GET.get(SEARCH_VAR, "").strip()
        super().__init__(request, *args)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return a choice for dry runs, and one for imports."""
        return [("1", "Yes"), ("0", "No")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Import]) -> QuerySet[Import]:
        """Return the chosen ones. A search for an id finds every check."""
        if (value := self.value()) in ("0", "1"):
            return queryset.filter(dry_run=value == "1")
        wanted = is_entry()
        if self._searched:
            wanted |= Q(id__startswith=self._searched)
        return queryset.filter(wanted)


class HasErrorsFilter(admin.SimpleListFilter):
    """Offers imports with or without failed rows, because no status tells them apart."""

    title = "failed rows"
    parameter_name = "errors"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return a choice for imports with failed rows, and one for imports without."""
        return [("yes", "With"), ("no", "Without")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Import]) -> QuerySet[Import]:
        """Return the imports with failed rows, or those without."""
        match self.value():
            case "yes":
                return queryset.filter(errors_count__gt=0)
            case "no":
                return queryset.filter(errors_count=0)
            case _:
                return queryset


def is_entry() -> Q:
    """Return the condition for an entry of its own: all but checks that led to an import."""
    after = Import.objects.filter(created_at__gte=OuterRef("created_at"))
    made = Exists(Import.objects.filter(check_of=OuterRef("pk")))
    undo = Exists(after.filter(undo_of=OuterRef("undo_of"), dry_run=False))
    retry = Exists(after.filter(retry_of=OuterRef("retry_of"), is_check=False))
    return ~Q(Q(made) | Q(undo, is_undo=True) | Q(retry, is_check=True), dry_run=True)
