"""The URLs that exist only if an extra of the distribution is installed."""

from django.apps import apps
from django.urls import URLPattern, path, re_path

from imports_app.api.openapi import views
from imports_app.telemetry import instruments


def metrics() -> list[URLPattern]:
    """Return the URL of the metrics, if the extra `metrics` is installed."""
    if not instruments.IS_INSTALLED:
        return []
    from imports_app.api.metrics import metrics as view  # noqa: PLC0415  (which imports the extra)

    return [path("metrics", view)]


def docs() -> list[URLPattern]:
    """Return the URL of the page that shows the schema, if the extra `schema` is an app."""
    if not apps.is_installed("drf_spectacular_sidecar"):
        return []
    return [re_path(r"^api/schema/docs/?$", views.docs)]
