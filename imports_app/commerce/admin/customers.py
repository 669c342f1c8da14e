"""Staff pages of who buys."""

from django.contrib import admin

from imports_app.commerce.admin.base import RecordAdmin
from imports_app.commerce.models import Customer


@admin.register(Customer)
class CustomerAdmin(RecordAdmin):
    """Customers."""

    list_display = ("email", "shopper_reference", "mode", "reference", "updated_at")
    search_fields = ("email__startswith", "shopper_reference__exact", "reference__exact")
