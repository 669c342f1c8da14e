"""Processor time: what it took, and how much of the machine was busy."""

from collections.abc import Iterable

import psutil
from django.db import connection

from tests.benchmarks.harness import Seconds


def spent(processes: Iterable[psutil.Process]) -> Seconds:
    """User and system time of the processes, and of those of their children that have ended."""
    return sum(map(_spent, processes))


def _spent(process: psutil.Process) -> Seconds:
    try:
        used: Seconds = sum(process.cpu_times()[:4])
    except psutil.NoSuchProcess:  # ended since it was found
        return 0.0
    return used


def server() -> list[psutil.Process]:
    """The database server's processes, if it runs on this machine."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    try:
        parent = psutil.Process(pid).parent()
    except psutil.NoSuchProcess:
        return []
    return [parent, *parent.children()] if parent and "postgres" in parent.name() else []


def busy(start: tuple[float, ...], end: tuple[float, ...]) -> float:
    """The share of all cores that worked between two `psutil.cpu_times()`."""
    passed = [after - before for before, after in zip(start, end, strict=True)]
    idle = passed[3] + passed[4]  # waiting for the disk is idle, too
    return 1 - idle / sum(passed[:8])
