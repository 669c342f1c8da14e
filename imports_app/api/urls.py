"""The URLs of the API."""

from django.urls import URLPattern, URLResolver, path

from imports_app.api import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]
