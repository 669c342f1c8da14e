"""The foreign project's URLs, with its provider's among them."""

from django.urls import include, path

from shop.urls import exception_handler, urlpatterns

__all__ = ["exception_handler", "urlpatterns"]

urlpatterns = [*urlpatterns, path("o/", include("oauth2_provider.urls"))]
