"""All that is measured, for one scrape of Prometheus.

A scrape adds up the files of all web and worker processes of the host, those of dead ones too.
What waits and what is at work is asked of the database, by the index on active imports: no scrape
looks at a finished import.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.db import Error
from django.db.models import Count
from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from imports_app.conf import conf
from imports_app.events import outbox
from imports_app.models import Import
from imports_app.operations.health import oldest_waiting


def registry() -> CollectorRegistry:
    """Return all that there is to scrape: the processes' files, or this process alone without a
    folder.
    """
    found = CollectorRegistry()
    found.register(_Queue())
    if conf.metrics_dir:
        MultiProcessCollector(found, conf.metrics_dir)  # type: ignore[no-untyped-call]
    else:
        found.register(REGISTRY)
    return found


class _Queue(Collector):
    """The active imports, as the database has them; only that it is away while it is."""

    def collect(self) -> Iterator[Metric]:
        try:
            active, waiting = self._active(), oldest_waiting() or timedelta()
            callbacks = self._callbacks()
        except Error:
            yield GaugeMetricFamily("imports_database_up", "Whether it answers.", value=0)
            return
        yield GaugeMetricFamily("imports_database_up", "Whether it answers.", value=1)
        yield active
        yield callbacks
        yield GaugeMetricFamily(
            "imports_oldest_pending_seconds",
            "How long the oldest pending import has waited; 0 if there is none.",
            value=waiting.total_seconds(),
        )

    def describe(self) -> Iterator[Metric]:
        """Asks nothing: a registry calls this when it is made."""
        return iter(())

    def _callbacks(self) -> GaugeMetricFamily:
        gauge = GaugeMetricFamily(
            "imports_callbacks_due", "Callbacks that could be sent now.", labels=["mode"]
        )
        groups = outbox.due().order_by().values_list("mode").annotate(count=Count("pk"))
        for mode, count in groups:
            gauge.add_metric([mode], count)
        return gauge

    def _active(self) -> GaugeMetricFamily:
        names = ("mode", "resource_type", "status")
        gauge = GaugeMetricFamily("imports_active", "Imports that are not final.", labels=names)
        groups = Import.objects.active().order_by().values_list(*names)
        for *labels, count in groups.annotate(count=Count("pk")):
            gauge.add_metric(labels, count)
        return gauge
