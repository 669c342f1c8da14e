"""Who called the API for what a page shows, by name."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from imports_app.callers import caller_source


def name_callers(objects: Iterable[Any]) -> None:
    """Give each object the name of its caller, as `caller_name`: one query for all of them."""
    named = list(objects)
    keys = {each.caller for each in named if each.caller is not None}
    names = caller_source().names(keys) if keys else {}
    for each in named:
        each.caller_name = names.get(each.caller, each.caller)


class NamesCallers:
    """Of an admin whose objects have a caller: its pages show `caller_name`."""

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Return the list, whose objects know the names."""
        changelist: Any = super().get_changelist_instance(request)  # type: ignore[misc]
        name_callers(changelist.result_list)
        return changelist

    @admin.display(description="client", ordering="caller")
    def client(self, obj: Any) -> str:
        """Whose it is; nobody's where staff or a command made it."""
        if not hasattr(obj, "caller_name"):
            name_callers([obj])
        return obj.caller_name or "-"


class CallerFilter(admin.SimpleListFilter):
    """The callers whose names are known: asking the table for its callers would read all of it."""

    title = "client"
    parameter_name = "client"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return a choice for each of them."""
        return sorted(caller_source().names().items(), key=lambda named: named[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return what is the chosen caller's."""
        return queryset.filter(caller=self.value()) if self.value() else queryset
