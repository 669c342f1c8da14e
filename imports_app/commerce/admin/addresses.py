"""Staff pages of addresses."""

from django.contrib import admin

from imports_app.commerce.admin.base import RecordAdmin
from imports_app.commerce.models import Address


@admin.register(Address)
class AddressAdmin(RecordAdmin):
    """Addresses."""

    list_display = ("__str__", "zip_code", "country_code", "mode", "reference", "updated_at")
    search_fields = ("line_1__startswith", "company__startswith", "reference__exact")
    search_help_text = "The beginning of a street or company, or a reference."
