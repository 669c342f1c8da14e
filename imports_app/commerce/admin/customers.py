"""Staff pages of customers, their groups, addresses and subscriptions; none shows a secret."""

from django.contrib import admin

from imports_app.commerce.admin.base import RecordAdmin
from imports_app.commerce.models import (
    Customer,
    CustomerAddress,
    CustomerGroup,
    CustomerSubscription,
)


@admin.register(CustomerGroup)
class CustomerGroupAdmin(RecordAdmin):
    """Customer groups."""

    list_display = ("name", "code", "mode", "reference", "updated_at")
    search_fields = ("name__startswith", "code__startswith", "reference__exact")


@admin.register(Customer)
class CustomerAdmin(RecordAdmin):
    """Customers."""

    list_display = (
        "email",
        "customer_group",
        "shopper_reference",
        "mode",
        "reference",
        "updated_at",
    )
    list_select_related = ("customer_group",)
    search_fields = ("email__startswith", "shopper_reference__exact", "reference__exact")


@admin.register(CustomerAddress)
class CustomerAddressAdmin(RecordAdmin):
    """Addresses of customers."""

    list_display = ("customer", "address", "mode", "reference", "updated_at")
    list_select_related = ("customer", "address")
    search_fields = ("customer__email__startswith", "reference__exact")


@admin.register(CustomerSubscription)
class CustomerSubscriptionAdmin(RecordAdmin):
    """Subscriptions."""

    list_display = ("customer", "reference", "mode", "updated_at")
    list_select_related = ("customer",)
    search_fields = ("customer__email__startswith", "reference__exact")
