"""The URLs of the site: the staff pages; everything else is the API's."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("imports_app.api.urls")),
]
