"""What the logs leave out, and how a line of them looks as JSON."""

import json
import logging
from datetime import UTC, datetime

from django.core.exceptions import ImproperlyConfigured

from imports_app.telemetry.log_context import NAMES, noted

PROBES = ("/healthz", "/readyz", "/metrics")


class NoProbes(logging.Filter):
    """Drops Django's own line for an answer to a probe: "not ready" is an answer, not an error."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        return getattr(request, "path", None) not in PROBES


class NoTracebacksOfStrangers(logging.Filter):
    """Leaves the traceback out of Django's line for a request that it finds suspicious: it tells
    where the check stands in Django, and anybody could fill the disk with them.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security."):
            record.exc_info = record.exc_text = None
        return True


class JsonLines(logging.Formatter):
    """One object a line: time (UTC), level, logger, message, and what it is about.

    A traceback is a member `exception`. Nothing else of a record is told: what loggers attach to
    it may be a request with its headers.
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


def log_format(name: str) -> str:
    """Return the name of a formatter; one that doesn't exist stops the start."""
    if name not in FORMATTERS:
        raise ImproperlyConfigured(f"IMPORTS_LOG_FORMAT must be line or json, not {name!r}.")
    return name


FORMATTERS = {
    "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    "json": {"()": "config.logs.JsonLines"},
}
