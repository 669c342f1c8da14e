"""The URLs of the site: the staff pages; everything else is the API's."""

from inspect import unwrap

from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.views import defaults
from django.views.generic import RedirectView

urlpatterns = [
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    # Browsers ask for it by themselves when an answer isn't a page with an icon of its own.
    path("favicon.ico", RedirectView.as_view(url=static("imports_app/favicon.svg"))),
    path("", include("imports_app.urls")),
]

# Unwrapped: Django decorates them to parse a POST's form for a CSRF token, which they never show.
handler400 = unwrap(defaults.bad_request)
handler403 = unwrap(defaults.permission_denied)
handler404 = unwrap(defaults.page_not_found)
handler500 = "imports_app.api.outages.server_error"
