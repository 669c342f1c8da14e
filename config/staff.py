"""The app of the staff pages."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core.checks import CheckMessage, Tags, register


class StaffConfig(SimpleAdminConfig):
    """Django's admin, with a site of our own.

    Its pages are imported when they are first asked for, or checked: workers, beat and most
    commands start sooner without.
    """

    default_site = "config.site.StaffSite"

    def ready(self) -> None:
        register(check_pages, Tags.admin)


def check_pages(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Return what Django finds wrong with the admin, once all of its pages are there."""
    admin.autodiscover()
    return [
        *check_dependencies(app_configs=app_configs, **options),
        *check_admin_app(app_configs=app_configs, **options),
    ]
