"""The staff's site."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from unfold.sites import UnfoldAdminSite

from config.sign_in import SignInForm, sent_away
from imports_app.limits.guessing import Busy, TooManyFailures

FIRST = ("imports_app", "imports_oauth")


class StaffSite(UnfoldAdminSite):  # type: ignore[misc]
    """Unfold's, with the imports in front of all the types of records."""

    login_form = SignInForm

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Return the form, and what comes of it."""
        try:
            response: HttpResponse = super().login(request, extra_context)
        except (TooManyFailures, Busy) as reason:
            return sent_away(request, reason)
        return response

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the apps by name, as usual, but for those that staff come for."""
        apps = super().get_app_list(request, app_label)
        places = {label: place for place, label in enumerate(FIRST)}
        return sorted(apps, key=lambda app: places.get(app["app_label"], len(FIRST)))
