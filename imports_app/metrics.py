"""What is measured, for Prometheus.

Counters and histograms are kept by each process, in a file of its own in the folder that
conf.metrics_dir names; a scrape adds up the files of all web and worker processes of the
host, those of dead ones too. What waits and what is at work is asked of the database, by the
index on active imports: no scrape looks at a finished import. Labels tell modes, resource types
and routes, never a client or what it sent.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from django.db import Error
from django.db.models import Count
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, values
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from imports_app.conf import conf
from imports_app.health import oldest_waiting
from imports_app.measuring import Value
from imports_app.models import Import

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
OUTCOMES = ("created", "updated", "unchanged", "errors", "destroyed")

if conf.metrics_dir:
    values.ValueClass = Value

# Every one has labels: a process that never counts anything makes no file.
FINISHED = Counter(
    "imports_finished", "Imports that became final.", ["mode", "resource_type", "status"]
)
ROWS = Counter(
    "imports_rows",
    "Rows gone through, and records that cleanups destroyed; not those of dry runs.",
    ["mode", "resource_type", "outcome"],
)
BATCH_SECONDS = Histogram(
    "imports_batch_seconds",
    "How long a batch of rows took, from its decoding to its commit.",
    ["resource_type"],
    buckets=SECONDS,
)
LEASES_LOST = Counter(
    "imports_leases_lost", "Workers that found their import in other hands.", ["mode"]
)
HTTP_REQUESTS = Counter("http_requests", "Requests answered.", ["method", "route", "status"])
HTTP_SECONDS = Histogram(
    "http_request_seconds",
    "How long an answer took, until its first byte.",
    ["method", "route"],
    buckets=SECONDS,
)


def counts_of(import_: Import) -> dict[str, int]:
    """By outcome, how many rows came to it so far."""
    return {name: getattr(import_, f"{name}_count") for name in OUTCOMES}


def count_batch(import_: Import, before: Mapping[str, int], seconds: float) -> None:
    """Notes a step of an import: what its counts were before, and how long it took."""
    BATCH_SECONDS.labels(import_.resource_type).observe(seconds)
    for outcome, count in counts_of(import_).items():
        if count > before[outcome]:
            labels = import_.mode, import_.resource_type, outcome
            ROWS.labels(*labels).inc(count - before[outcome])


def count_final(mode: str, resource_type: str, status: str) -> None:
    """Notes that an import became final."""
    FINISHED.labels(mode, resource_type, status).inc()


def registry() -> CollectorRegistry:
    """All that there is to scrape: the processes' files, or this process alone without a folder."""
    found = CollectorRegistry()
    found.register(_Queue())
    if conf.metrics_dir:
        MultiProcessCollector(found, conf.metrics_dir)  # type: ignore[no-untyped-call]
    else:
        found.register(REGISTRY)
    return found


def forget() -> None:
    """Empties the folder of the processes' files. For a moment at which none of them runs."""
    for file in Path(conf.metrics_dir).glob("*.db"):
        file.unlink(missing_ok=True)


class _Queue(Collector):
    """The active imports, as the database has them; only that it is away while it is."""

    def collect(self) -> Iterator[Metric]:
        try:
            active, waiting = self._active(), oldest_waiting() or timedelta()
        except Error:
            yield GaugeMetricFamily("imports_database_up", "Whether it answers.", value=0)
            return
        yield GaugeMetricFamily("imports_database_up", "Whether it answers.", value=1)
        yield active
        yield GaugeMetricFamily(
            "imports_oldest_pending_seconds",
            "For how long the pending import that waits longest has waited; 0 if none waits.",
            value=waiting.total_seconds(),
        )

    def describe(self) -> Iterator[Metric]:
        """Asks nothing: a registry calls this when it is made."""
        return iter(())

    def _active(self) -> GaugeMetricFamily:
        names = ("mode", "resource_type", "status")
        gauge = GaugeMetricFamily("imports_active", "Imports that are not final.", labels=names)
        groups = Import.objects.active().order_by().values_list(*names)
        for *labels, count in groups.annotate(count=Count("pk")):
            gauge.add_metric(labels, count)
        return gauge
