"""The URLs of the API."""

from django.urls import URLPattern, URLResolver, path, re_path

from imports_app.api import health
from imports_app.api.application import ApplicationView
from imports_app.api.oauth.views import TokenView

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    re_path(r"^oauth/token/?$", TokenView.as_view()),
    re_path(r"^api/application/?$", ApplicationView.as_view()),
]
