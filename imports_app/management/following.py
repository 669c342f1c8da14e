"""Wait for an import that a command created, and describe it."""

import sys
from time import sleep
from typing import Any

from imports_app.management.progress import ProgressBar
from imports_app.models import Import, shown_mode
from imports_app.models.status import ACTIVE
from imports_app.outputs import amounts

POLL_SECONDS = 0.2
COUNTS = (
    "inputs_size",
    "processed_count",
    "created_count",
    "updated_count",
    "unchanged_count",
    "errors_count",
    "warnings_count",
    "destroyed_count",
)


def wait(import_: Import) -> None:
    """Wait until it is final. If the command is stopped meanwhile, the workers go on."""
    bar = ProgressBar(sys.stderr)
    try:
        while import_.status in ACTIVE:
            bar.show(import_)
            sleep(POLL_SECONDS)
            import_.refresh_from_db()
        bar.show(import_)
    finally:
        bar.end()


def summary(import_: Import) -> dict[str, Any]:
    """Return the import as an object for `--json`."""
    names = ("id", "status", "resource_type", *shown_mode(import_.mode), "dry_run", *COUNTS)
    interruption = {"interruption": import_.interruption} if import_.interruption else {}
    return {name: getattr(import_, name) for name in names} | interruption


def sentence(import_: Import) -> str:
    """Return the import as a sentence for people."""
    if import_.status in ACTIVE:
        size = amounts.rows(import_.inputs_size)
        return f"Import {import_.pk} of {size} is {import_.status}."
    counts = ", ".join(
        f"{getattr(import_, f'{name}_count'):,} {name}"
        for name in ("created", "updated", "unchanged", "errors", "warnings", "destroyed")
    )
    reason = f" {import_.interruption}" if import_.interruption else ""
    return f"Import {import_.pk} is {import_.status}: {counts}.{reason}"
