"""The app of the staff pages."""

from django.contrib.admin.apps import AdminConfig


class StaffConfig(AdminConfig):
    """Django's admin, with a site of our own."""

    default_site = "config.site.StaffSite"
