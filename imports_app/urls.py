"""All URLs of the app, for one `include("imports_app.urls")` under any prefix and namespace."""

from imports_app.api.urls import urlpatterns

__all__ = ["app_name", "urlpatterns"]

app_name = "imports_app"
