"""The URLs of the API."""

from django.apps import apps
from django.urls import URLPattern, URLResolver, path, re_path

from imports_app.api import health
from imports_app.api.application import ApplicationViewSet
from imports_app.api.attachment import AttachmentView
from imports_app.api.changes import ChangeViewSet
from imports_app.api.events.urls import EVENTS
from imports_app.api.failures import FailureViewSet
from imports_app.api.imports.views import ImportViewSet
from imports_app.api.openapi.views import SchemaView, docs
from imports_app.api.organization import OrganizationViewSet
from imports_app.api.records.views import RecordViewSet
from imports_app.api.resource_types import ResourceTypeViewSet
from imports_app.api.router import METHODS, Router, SingleRouter
from imports_app.api.template import TemplateView, WorkbookView
from imports_app.telemetry import instruments


def _metrics() -> list[URLPattern]:
    """Return the URL of the metrics, if the extra `metrics` is installed."""
    if not instruments.IS_INSTALLED:
        return []
    from imports_app.api.metrics import metrics as view  # noqa: PLC0415  (which imports the extra)

    return [path("metrics", view)]


def _docs() -> list[URLPattern]:
    """Return the URL of the page that shows the schema, if the extra `schema` is an app."""
    if not apps.is_installed("drf_spectacular_sidecar"):
        return []
    return [re_path(r"^api/schema/docs/?$", docs)]


singles = SingleRouter()
singles.register("api/application", ApplicationViewSet, "application")
singles.register("api/organization", OrganizationViewSet, "organization")

resources = Router()
resources.register(r"api/imports/(?P<pk>[^/]+)/failures", FailureViewSet, "failure")
resources.register(r"api/imports/(?P<pk>[^/]+)/changes", ChangeViewSet, "change")
resources.register("api/resource_types", ResourceTypeViewSet, "resource_type")

# Last: every name that is no other's may be a resource type.
records = Router()
records.register(r"api/(?P<resource_type>[^/]+)", RecordViewSet, "record")

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    *_metrics(),
    re_path(
        r"^api/imports/?$",
        ImportViewSet.as_view({"get": "list", "post": "create"}),
        name="imports",
    ),
    re_path(
        r"^api/imports/(?P<pk>[^/]+)/?$",
        ImportViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        name="import",
    ),
    re_path(
        r"^api/imports/(?P<pk>[^/]+)/retry/?$",
        ImportViewSet.as_view({"post": "retry"}),
        name="retry",
    ),
    re_path(r"^api/imports/(?P<pk>[^/]+)/undo/?$", ImportViewSet.as_view({"post": "undo"})),
    re_path(
        r"^api/imports/(?P<pk>[^/]+)/attachment/?$",
        AttachmentView.as_view(http_method_names=METHODS),
        name="attachment",
    ),
    *EVENTS,
    *singles.urls,
    re_path(r"^api/schema/?$", SchemaView.as_view(http_method_names=METHODS), name="schema"),
    *_docs(),
    *resources.urls,
    re_path(
        r"^api/(?P<resource_type>[^/]+)/template\.csv/?$",
        TemplateView.as_view(http_method_names=METHODS),
    ),
    re_path(
        r"^api/(?P<resource_type>[^/]+)/template\.xlsx/?$",
        WorkbookView.as_view(http_method_names=METHODS),
    ),
    *records.urls,
]
