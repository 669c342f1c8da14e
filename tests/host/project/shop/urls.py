"""The foreign project's URLs."""

from typing import Any

from django.contrib import admin
from django.urls import path
from library.api import BookList
from rest_framework.response import Response
from rest_framework.views import exception_handler as standard

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/books/", BookList.as_view(), name="imports"),  # a name that ours has, too
]


def exception_handler(exc: Exception, context: Any) -> Response | None:
    """Have errors in the project's own form."""
    response = standard(exc, context)
    if response is not None:
        response.data = {"oops": str(exc)}
    return response
