"""The settings, where the extras that are apps are installed."""

from shop.settings import *  # noqa: F403
from shop.settings import INSTALLED_APPS

INSTALLED_APPS = ["unfold", *INSTALLED_APPS, "drf_spectacular_sidecar"]
