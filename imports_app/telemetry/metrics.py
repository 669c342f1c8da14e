"""What the processes count, for Prometheus.

Counters and histograms are kept by each process, in a file of its own in the folder that
conf.metrics_dir names. Labels tell modes, resource types and routes, never a client or what it
sent.
"""

from collections.abc import Mapping
from pathlib import Path

from imports_app.conf import conf
from imports_app.telemetry.instruments import counter, histogram

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
OUTCOMES = ("created", "updated", "unchanged", "errors", "destroyed")

# Every one has labels: a process that never counts anything makes no file.
FINISHED = counter(
    "imports_finished", "Imports that became final.", ["mode", "resource_type", "status"]
)
ROWS = counter(
    "imports_rows",
    "Rows gone through, and records that cleanups destroyed; not those of dry runs.",
    ["mode", "resource_type", "outcome"],
)
BATCH_SECONDS = histogram(
    "imports_batch_seconds",
    "How long a batch of rows took, from its decoding to its commit.",
    ["resource_type"],
    SECONDS,
)
LEASES_LOST = counter("imports_leases_lost", "Workers that lost their lease.", ["mode"])
EVENTS = counter("imports_events", "Events of imports.", ["mode", "topic"])
CALLBACKS = counter(
    "imports_callbacks",
    "Callbacks by outcome: sent, tried (and failed), failed for good, not sent.",
    ["mode", "topic", "outcome"],
)
CALLBACK_SECONDS = histogram(
    "imports_callback_seconds", "How long a try took, until its answer.", ["mode"], SECONDS
)
MAILS = counter(
    "imports_mails",
    "Mails to staff: sent, refused by the mail server, and failed.",
    ["kind", "outcome"],
)
HTTP_REQUESTS = counter("http_requests", "Requests answered.", ["method", "route", "status"])
HTTP_SECONDS = histogram(
    "http_request_seconds",
    "How long an answer took, until its first byte.",
    ["method", "route"],
    SECONDS,
)


def count_batch(
    mode: str, resource_type: str, outcomes: Mapping[str, int], seconds: float, final: str
) -> None:
    """Note a batch: how many rows came to each of the OUTCOMES, and how long it took.

    `final` is the import's status if the batch was its last, else empty.
    """
    BATCH_SECONDS.labels(resource_type).observe(seconds)
    for outcome, count in outcomes.items():
        if count:
            ROWS.labels(mode, resource_type, outcome).inc(count)
    if final:
        FINISHED.labels(mode, resource_type, final).inc()


def forget() -> None:
    """Empty the folder of the processes' files. For a moment at which none of them runs."""
    for file in Path(conf.metrics_dir).glob("*.db"):
        file.unlink(missing_ok=True)
