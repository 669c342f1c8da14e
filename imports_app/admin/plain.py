"""Django's ModelAdmin, with the features of Unfold that the staff pages need."""

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any, NamedTuple

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

PAGES = "imports_app/admin/plain"


class Link(NamedTuple):
    """A button above a list, or above an object's page."""

    title: str
    href: str


def action(
    *, description: str, permissions: Iterable[str] = (), **_: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a page of a method, for users with one of the permissions."""

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def page(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not _is_allowed(self, request, permissions):
                raise PermissionDenied
            return method(self, request, *args, **kwargs)

        page.__dict__.update(description=description, permissions=tuple(permissions))
        return page

    return decorate


class ModelAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Adds a URL for each action, and a button for each action that the user may take."""

    actions_list: tuple[str, ...] = ()
    actions_detail: tuple[str, ...] = ()
    change_form_outer_before_template: str | None = None
    change_form_outer_after_template: str | None = None
    change_list_template = f"{PAGES}/change_list.html"
    change_form_template = f"{PAGES}/change_form.html"

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """Return further pages: path, name and view."""
        return ()

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]:
        """Return the names of the actions that have a button on an object's page."""
        return list(self.actions_detail)

    def get_urls(self) -> list[Any]:
        """Return our pages before those of Django, because the last of those takes any path."""
        pages = [
            *self.get_custom_urls(),
            *((f"{name}/", self._name(name), getattr(self, name)) for name in self.actions_list),
            *(
                (f"<path:object_id>/{name}/", self._name(name), getattr(self, name))
                for name in self.actions_detail
            ),
        ]
        own = [
            path(route, self.admin_site.admin_view(view), name=name) for route, name, view in pages
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Return the list, with the buttons of its actions."""
        links = list(self._links(request, self.actions_list))
        frame = {"links": links, "list_frame": f"{PAGES}/change_list.html"}
        return super().changelist_view(request, {**frame, **(extra_context or {})})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Return the page of an object, with the buttons of its actions."""
        names = self.get_actions_detail(request, object_id) if object_id else []
        links = list(self._links(request, names, object_id))
        extra_context = {"links": links, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _links(self, request: HttpRequest, names: Iterable[str], *args: Any) -> Iterator[Link]:
        for name in names:
            method = getattr(self, name)
            if _is_allowed(self, request, method.permissions):
                address = reverse(f"{self.admin_site.name}:{self._name(name)}", args=args)
                yield Link(method.description, address)

    def _name(self, what: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{what}"


def _is_allowed(page: Any, request: HttpRequest, permissions: Iterable[str]) -> bool:
    checks = [getattr(page, f"has_{each}_permission") for each in permissions]
    return not checks or any(check(request) for check in checks)
