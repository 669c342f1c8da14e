"""The settings, where nobody has thought of the sweep."""

from shop.settings import *  # noqa: F403

CELERY_BEAT_SCHEDULE: dict[str, object] = {}
