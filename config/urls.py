"""The URLs of the site: the staff pages; everything else is the API's."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    # What browsers ask for by themselves, beside an answer that is no page.
    path("favicon.ico", RedirectView.as_view(url=static("imports_app/favicon.svg"))),
    path("", include("imports_app.api.urls")),
]

handler500 = "imports_app.api.outages.server_error"
