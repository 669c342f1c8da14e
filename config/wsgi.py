"""The WSGI entry point: `config.wsgi:application`."""

import os
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

from config.database import limit_waits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class Request(WSGIRequest):
    """Treats a Content-Type that can't be parsed as missing, and URLs as UTF-8 whatever charset it
    names. Otherwise Django raises on some of them before any middleware sees the request, and the
    server could only answer with a 500.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            parsed = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            parsed = ("", {})
            meta["CONTENT_TYPE"] = ""  # others parse it again, and would raise as well
        self.content_type, self.content_params = parsed


application: WSGIHandler = get_wsgi_application()
application.request_class = Request
limit_waits(settings.DATABASES["default"])
import_module(settings.ROOT_URLCONF)  # not by each process for itself, at its first request
