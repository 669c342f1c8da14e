"""The settings, where the project's own authentication lets callers in."""

from shop.settings import *  # noqa: F403
from shop.settings import INSTALLED_APPS

OAUTH = ("imports_app.oauth", "oauth2_provider")
INSTALLED_APPS = [app for app in INSTALLED_APPS if app not in OAUTH]
