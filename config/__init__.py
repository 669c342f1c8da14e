"""The project: settings, URLs, processes."""

import gc

# What is imported stays. Looked through for garbage as often as Python does by default, it takes a
# fifth longer to start a process.
gc.set_threshold(10_000, 10, 10)

from config.celery import app as celery_app  # noqa: E402  (what it imports counts, too)

__all__ = ["celery_app"]
