"""Staff pages of tags."""

from django.contrib import admin

from imports_app.commerce.admin.base import RecordAdmin
from imports_app.commerce.models import Tag


@admin.register(Tag)
class TagAdmin(RecordAdmin):
    """Tags."""

    list_display = ("name", "mode", "reference", "updated_at")
    search_fields = ("name__startswith", "reference__exact")
