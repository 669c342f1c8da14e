"""The staff site."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from unfold.sites import UnfoldAdminSite

from config.sign_in import SignInForm, too_many_requests
from imports_app.limits.guessing import Busy, TooManyFailures

FIRST = ("imports_app", "imports_oauth")


class StaffSite(UnfoldAdminSite):  # type: ignore[misc]
    """Unfold's admin site, with the imports listed before all types of records."""

    login_form = SignInForm

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return those of all apps' pages, which are imported for them."""
        admin.autodiscover()
        urls: list[URLPattern | URLResolver] = super().get_urls()
        return urls

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Return the sign-in page or where it leads; a 429 after too many failures."""
        try:
            response: HttpResponse = super().login(request, extra_context)
        except (TooManyFailures, Busy) as reason:
            return too_many_requests(request, reason)
        return response

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the apps by name, as usual, after those that staff come for."""
        apps = super().get_app_list(request, app_label)
        places = {label: place for place, label in enumerate(FIRST)}
        return sorted(apps, key=lambda app: places.get(app["app_label"], len(FIRST)))
