"""All URLs of the app, for one `include("imports_app.urls")` under any prefix and namespace."""

from importlib import import_module

from django.apps import apps
from django.urls import URLPattern, URLResolver

from imports_app.api.urls import urlpatterns as api
from imports_app.callers import OAUTH

__all__ = ["app_name", "urlpatterns"]

app_name = "imports_app"
urlpatterns: list[URLPattern | URLResolver] = [*api]
if apps.is_installed(OAUTH):  # else its views have no tables
    urlpatterns += import_module(f"{OAUTH}.urls").urlpatterns
