"""Counters and histograms: prometheus_client's where it is installed, else idle ones."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Union

from imports_app.conf import conf

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram

IS_INSTALLED = find_spec("prometheus_client") is not None  # by the extra `metrics`

if IS_INSTALLED:
    import prometheus_client

    if conf.metrics_dir:
        from imports_app.telemetry.measuring import Value

        prometheus_client.values.ValueClass = Value


class Idle:
    """Takes measurements and keeps none."""

    def labels(self, *_labels: str) -> "Idle":
        """Return itself."""
        return self

    def inc(self, amount: float = 1) -> None:
        """Do nothing."""

    def observe(self, amount: float) -> None:
        """Do nothing."""


def counter(name: str, help_: str, labels: Sequence[str]) -> Union["Counter", Idle]:
    """Return a counter of that name."""
    return prometheus_client.Counter(name, help_, labels) if IS_INSTALLED else Idle()


def histogram(
    name: str, help_: str, labels: Sequence[str], buckets: Sequence[float]
) -> Union["Histogram", Idle]:
    """Return a histogram of that name."""
    if not IS_INSTALLED:
        return Idle()
    return prometheus_client.Histogram(name, help_, labels, buckets=buckets)
