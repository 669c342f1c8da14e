"""The URLs by which clients get their tokens, and give them back."""

from django.urls import re_path

from imports_app.api.router import METHODS
from imports_app.oauth.views import RevocationView, TokenView

urlpatterns = [
    re_path(r"^oauth/token/?$", TokenView.as_view(http_method_names=METHODS)),
    re_path(r"^oauth/revoke/?$", RevocationView.as_view(http_method_names=METHODS)),
]
