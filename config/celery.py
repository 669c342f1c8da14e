"""The Celery app: `celery -A config worker -B`.

The database row is the queue; a message only rings the bell. So no result is kept, a lost message
costs one sweep, and a message delivered twice finds nothing left to do.
"""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("imports")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(lambda: settings.INSTALLED_APPS)
