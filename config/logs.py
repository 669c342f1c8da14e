"""Logging: what the logs leave out, and the format of their lines."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from imports_app.telemetry.logs import NAMES, noted

PROBES = ("/healthz", "/readyz", "/metrics")


class NoProbes(logging.Filter):
    """Drops Django's own line for an answer to a probe: "not ready" is an answer, not an error."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        return getattr(request, "path", None) not in PROBES


class NoSuspiciousTracebacks(logging.Filter):
    """Leaves the traceback out of Django's line for a suspicious request.

    It only shows the place of Django's check, and anybody could fill the disk with tracebacks.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security."):
            record.exc_info = record.exc_text = None
        return True


class JsonLines(logging.Formatter):
    """One JSON object per line: time (UTC), level, logger, message, and its context.

    A traceback is the member `exception`. Other attributes of a record are left out: they may hold
    a request with its headers.
    """

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        line = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        context = noted()
        line |= {name: context[name] for name in NAMES if name in context}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True)


def logging_config(*, form: str, level: str) -> dict[str, Any]:
    """Return Django's LOGGING. Raise ImproperlyConfigured for an unknown form."""
    if form not in FORMATTERS:
        raise ImproperlyConfigured(f"IMPORTS_LOG_FORMAT must be line or json, not {form!r}.")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": FORMATTERS,
        "filters": {
            "no_probes": {"()": "config.logs.NoProbes"},
            "no_tracebacks": {"()": "config.logs.NoSuspiciousTracebacks"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": form,
                "filters": ["no_probes", "no_tracebacks"],
            },
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {"django": {"handlers": ["console"], "level": "INFO", "propagate": False}},
    }


FORMATTERS = {
    "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    "json": {"()": "config.logs.JsonLines"},
}
