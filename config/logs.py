"""What the logs leave out."""

import logging

PROBES = ("/healthz", "/readyz")


class NoProbes(logging.Filter):
    """Drops Django's own line for an answer to a probe: "not ready" is an answer, not an error."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        return getattr(request, "path", None) not in PROBES
