"""What all staff pages have in common."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from imports_app.admin.frame import ModelAdmin
from imports_app.admin.refused import with_refusals
from imports_app.conf import conf


class StaffAdmin(ModelAdmin):  # type: ignore[misc]
    """Pages of tables that may be very long, whose objects may have very many dependent rows."""

    actions = None
    list_per_page = 50
    show_full_result_count = False  # counting a large table twice is what makes a list slow

    class Media:
        js = ("imports_app/keyboard.js",)

    def get_urls(self) -> list[Any]:
        """Return the pages; each of them shows errors in the style of the site."""
        pages: list[Any] = super().get_urls()
        for page in pages:
            page.callback = with_refusals(self.admin_site, page.callback)
        return pages

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Return the list; without filters if one has a NUL, which PostgreSQL would refuse."""
        if any("\0" in value for value in request.GET.values()):
            return redirect(request.path)
        response: HttpResponse = super().changelist_view(request, extra_context)
        return response

    def get_list_display(self, request: HttpRequest) -> Sequence[str]:
        """Return the columns, without the mode if there are no modes."""
        return [name for name in self.list_display if name != "mode" or conf.modes]

    def get_list_filter(self, request: HttpRequest) -> Sequence[Any]:
        """Return the filters, without the mode if there are no modes."""
        return [each for each in self.list_filter if each != "mode" or conf.modes]

    def get_deleted_objects(self, objs: Iterable[models.Model], request: HttpRequest) -> Any:
        """Return only the objects; Django would list each of their rows, log entries and tokens."""
        named = [str(obj) for obj in objs]
        return named, {self.opts.verbose_name_plural: len(named)}, set(), []

    def found(self, request: HttpRequest, object_id: str) -> Any:
        """Return the object of that id. Raises Http404."""
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        return obj

    def confirmed(
        self,
        request: HttpRequest,
        obj: models.Model,
        act: Callable[[], HttpResponse],
        **texts: str,
    ) -> HttpResponse:
        """Ask first, with the texts of `confirmation`; act when that page is submitted."""
        return act() if request.method == "POST" else self.confirmation(request, obj, **texts)

    def confirmation(self, request: HttpRequest, obj: models.Model, **texts: str) -> HttpResponse:
        """Return a page that asks before an action; its form posts to the page's own address.

        `texts`: title, question, button, and the button's variant if it isn't "danger".
        """
        texts = {"variant": "danger", **texts}
        return self.page(request, "imports_app/admin/confirmation.html", obj, **texts)

    def page(
        self, request: HttpRequest, template: str, obj: models.Model, **context: Any
    ) -> HttpResponse:
        """Return a page about one object, in the layout of the others."""
        frame = self.admin_site.each_context(request)
        return TemplateResponse(
            request,
            template,
            {**frame, "opts": self.opts, "original": obj, "back": self.address(obj), **context},
        )

    def address(self, obj: models.Model) -> str:
        """Return the address of the object's own page."""
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_change"
        return redirect(name, obj.pk).url

    def back_with(
        self,
        request: HttpRequest,
        obj: models.Model,
        message: str,
        *,
        level: int = messages.SUCCESS,
    ) -> HttpResponse:
        """Redirect to the object's page, where the message is shown."""
        self.message_user(request, message, level)
        return redirect(self.address(obj))
