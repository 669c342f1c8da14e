"""What can be done with an import from its page: a button for each action that is possible now."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from imports_app.admin.base import StaffAdmin
from imports_app.models import Import
from imports_app.models.status import FINAL
from imports_app.outputs import amounts
from imports_app.outputs.workbook import can_write
from imports_app.services.checking import is_outdated

SHEET = "xlsx"


class Button(NamedTuple):
    """A button on an import's page."""

    title: str
    href: str
    variant: str = "default"


class ImportButtons(StaffAdmin):
    """The buttons, and which of them a user may press."""

    def may_interrupt(self, request: HttpRequest, import_: Import) -> bool:
        """Return whether the user made the import, or has the permission to stop any."""
        is_own = import_.created_by_id is not None and import_.created_by_id == request.user.pk
        return is_own or request.user.has_perm("imports_app.interrupt_import")

    def has_run_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Return whether the user may make new imports, including dry runs and retries."""
        return bool(request.user.has_perm("imports_app.run_import"))

    def has_cleanup_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Return whether the user may make imports that destroy records."""
        return bool(request.user.has_perm("imports_app.cleanup_import"))

    def buttons(self, request: HttpRequest, import_: Import) -> list[Button]:
        """Return what this user can do with the import as it is now."""
        return list(self._buttons(request, import_))

    def _buttons(self, request: HttpRequest, import_: Import) -> Iterator[Button]:
        is_final = import_.status in FINAL
        is_kept = import_.chunks.exists()
        left = import_.inputs_size - import_.processed_count
        if import_.dry_run and import_.caller is None and self.has_run_permission(request):
            title = "Check and undo" if import_.is_undo else "Check and import"
            yield Button(title, url_of("check", import_), "primary")
        if (
            not is_final
            and not import_.interrupt_requested
            and self.may_interrupt(request, import_)
        ):
            yield Button("Interrupt", url_of("interrupt", import_), "danger")
        is_outdated_check = import_.check_of_id is not None and is_outdated(import_)
        may_retry = self.has_run_permission(request) and not is_outdated_check
        if is_final and left and is_kept and may_retry:
            yield Button(f"Retry {amounts.rows(left)}", url_of("retry", import_), "primary")
        if import_.errors_count and is_kept:
            yield from failure_files(import_)
        if is_kept:
            yield Button("Inputs", url_of("download_inputs", import_))


def failure_files(import_: Import) -> Iterator[Button]:
    """Yield the buttons that download the failed rows."""
    address = url_of("download_failures", import_)
    yield Button("Failed rows as CSV", address)
    if can_write():
        yield Button("Failed rows as spreadsheet", f"{address}?format={SHEET}")


def url_of(page: str, import_: Import) -> str:
    """Return the address of a page of the import."""
    return reverse(f"admin:imports_app_import_{page}", args=[import_.pk])
