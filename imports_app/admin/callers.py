"""The names of the callers whose imports or webhooks a page shows."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from imports_app.callers import caller_source


def name_callers(objects: Iterable[Any]) -> None:
    """Set each object's `caller_name` to the name of its caller, with one query for all objects."""
    named = list(objects)
    keys = {each.caller for each in named if each.caller is not None}
    names = caller_source().names(keys) if keys else {}
    for each in named:
        each.caller_name = names.get(each.caller, each.caller)


class NamesCallers:
    """A base of admins whose objects have a caller, so that their pages can show `caller_name`."""

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Return the list, with the callers' names."""
        changelist: Any = super().get_changelist_instance(request)  # type: ignore[misc]
        name_callers(changelist.result_list)
        return changelist

    @admin.display(description="client", ordering="caller")
    def client(self, obj: Any) -> str:
        """Return the client that the object belongs to; a dash if staff or a command made it."""
        if not hasattr(obj, "caller_name"):
            name_callers([obj])
        return obj.caller_name or "-"


class CallerFilter(admin.SimpleListFilter):
    """Offers all callers with a known name, because finding those in the table means reading it."""

    title = "client"
    parameter_name = "client"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return a choice for each caller."""
        return sorted(caller_source().names().items(), key=lambda named: named[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the objects of the chosen caller."""
        return queryset.filter(caller=self.value()) if self.value() else queryset
