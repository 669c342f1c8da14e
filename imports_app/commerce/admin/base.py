"""The base of the staff pages of all records."""

from django.db import models
from django.http import HttpRequest

from imports_app.admin.buttons import ImportButtonMixin
from imports_app.admin.trace import TracedRecords


class RecordAdmin(ImportButtonMixin, TracedRecords):
    """Read-only pages: records are changed by imports alone, which take effect in order."""

    list_filter = ("mode",)
    ordering = ("-pk",)
    readonly_fields = ("mode", "created_at", "updated_at")
    search_help_text = "The beginning of a key, or a reference."

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: a record's mode comes from the client whose import creates it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Return False: only an import changes a record."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Return False: only an import destroys a record."""
        return False
