"""The measures, a module for each family."""

from importlib import import_module

FAMILIES = (
    "throughput",
    "save",
    "changes",
    "touched",
    "types",
    "workers",
    "failing",
    "files",
    "export",
    "http",
    "records",
    "polling",
    "events",
    "servers",
    "cleanup",
    "growth",
    "large_files",
    "queue",
    "turns",
    "memory",
)


def load() -> None:
    """Registers them all, in the order of the table. Django has to be set up."""
    for family in FAMILIES:
        import_module(f"{__name__}.{family}")
