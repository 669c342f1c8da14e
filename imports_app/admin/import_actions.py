"""What staff can do with an import, through the same services as clients."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from imports_app.admin.audit import StaffAction, record, staff
from imports_app.admin.frame import action
from imports_app.admin.import_buttons import SHEET, ImportButtons
from imports_app.database import atomic
from imports_app.exceptions import (
    ApprovalNeeded,
    ImportInProgress,
    ImportsError,
    InputsPruned,
)
from imports_app.models import Import, ProposalKind
from imports_app.models.status import FINAL, Status
from imports_app.outputs import amounts
from imports_app.outputs.attachments import attachment_path
from imports_app.outputs.changes import UNREADABLE, why_unreadable
from imports_app.outputs.csv_changes import csv_changes
from imports_app.outputs.csv_failures import csv_failures
from imports_app.outputs.selection import entries
from imports_app.outputs.workbook import can_write
from imports_app.outputs.xlsx_failures import xlsx_failures
from imports_app.services import delete_import, request_interrupt
from imports_app.services.proposing import needs_approval, propose
from imports_app.services.retrying import retry_import

APPROVAL = "admin:imports_app_import_approval"
WAITS = "This needs the approval of a second person: nothing happens until somebody approves it."
ASK = "Ask for approval"
GONE = "It has been deleted in the meantime."


class ImportActions(ImportButtons):
    """The actions on imports; a base of ImportAdmin."""

    actions_detail: tuple[str, ...] = (
        *("interrupt", "retry", "download_failures", "download_inputs", "changes"),
    )

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]:
        """Return none. The page shows the actions next to the state that they depend on."""
        return []

    def require(self, request: HttpRequest, permission: str) -> None:
        """Raise PermissionDenied unless the request's user has the permission."""
        if not getattr(self, f"has_{permission}_permission")(request):
            raise PermissionDenied

    @action(description="Interrupt", permissions=["view"])  # type: ignore[untyped-decorator]
    def interrupt(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask first, then stop the import as a client's `_interrupt` does."""
        import_ = self.found(request, object_id)
        if not self.may_interrupt(request, import_):
            raise PermissionDenied
        if request.method != "POST":
            return self.confirmation(
                request,
                import_,
                title="Interrupt this import?",
                question="Rows that took effect stay; the others will not be imported.",
                button="Interrupt",
            )
        if import_.status in FINAL:
            message = f"It is {import_.get_status_display().lower()} already: nothing was changed."
            return self.back_with(request, import_, message, level=messages.WARNING)
        import_ = request_interrupt(import_=import_)
        record(request, import_, StaffAction.INTERRUPTED)
        stopped = import_.status == Status.INTERRUPTED
        message = "It is interrupted." if stopped else "It will stop after the current batch."
        return self.back_with(request, import_, message)

    @action(description="Retry", permissions=["run"])  # type: ignore[untyped-decorator]
    def retry(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Ask first. Then, for the same client, import the rows that this import left undone."""
        import_ = self.found(request, object_id)
        if request.method != "POST":
            return self._ask_before_retry(request, import_)

        def make() -> HttpResponse:
            made = retry_import(import_=import_, caller=import_.caller, created_by=staff(request))
            record(request, import_, StaffAction.RETRIED, f"as {made.pk}")
            return self.back_with(request, made, "The retry was created; it begins in its turn.")

        return self._unless_refused(request, import_, make, ProposalKind.RETRY)

    def _ask_before_retry(self, request: HttpRequest, import_: Import) -> HttpResponse:
        needs = needs_approval(ProposalKind.RETRY, import_)
        rows = amounts.rows(import_.inputs_size - import_.processed_count)
        question = (
            "A new import is made of the rows that failed and of the rows that this import never "
            "reached, in their order. Nothing is cleaned up."
        )
        return self.confirmation(
            request,
            import_,
            title=f"Import {rows} again?",
            question=f"{question} {WAITS}" if needs else question,
            button=ASK if needs else f"Retry {rows}",
            variant="primary",
        )

    def ask(
        self, request: HttpRequest, kind: ProposalKind, subject: Import, *, compares: bool = True
    ) -> HttpResponse:
        """Make a proposal, and go to the page that shows it."""
        try:
            with atomic():
                proposal = propose(kind=kind, subject=subject, by=staff(request), compares=compares)
                record(request, subject, StaffAction.ASKED, f"to {kind} it")
        except Import.DoesNotExist:
            raise Http404(GONE) from None
        self.message_user(request, WAITS, messages.WARNING)
        return redirect(APPROVAL, proposal.pk)

    @action(description="Failed rows as CSV", permissions=["view"])  # type: ignore[untyped-decorator]
    def download_failures(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Return the file of failed rows that clients get, as a CSV or a spreadsheet."""
        import_ = self.found(request, object_id)

        def give() -> HttpResponseBase:
            is_sheet = request.GET.get("format") == SHEET and can_write()
            file = xlsx_failures(import_) if is_sheet else csv_failures(import_)
            record(request, import_, StaffAction.TOOK_FAILURES)
            return file

        return self._unless_refused(request, import_, give)

    @action(description="Inputs", permissions=["view"])  # type: ignore[untyped-decorator]
    def download_inputs(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Redirect to the rows as they were sent, gzipped, at a URL that expires."""
        import_ = self.found(request, object_id)
        if not import_.chunks.exists():
            return self.back_with(request, import_, str(InputsPruned()), level=messages.ERROR)
        record(request, import_, StaffAction.TOOK_INPUTS)
        return redirect(attachment_path(import_))

    @action(description="Changes as CSV", permissions=["view"])  # type: ignore[untyped-decorator]
    def changes(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Return the file of changes that clients get, with a line for each attribute."""
        import_ = self.found(request, object_id)
        try:
            file = csv_changes(import_, entries(import_))
        except UNREADABLE as error:
            return self.back_with(request, import_, why_unreadable(error), level=messages.ERROR)
        record(request, import_, StaffAction.TOOK_CHANGES)
        return file

    def _unless_refused(
        self,
        request: HttpRequest,
        import_: Import,
        answer: Callable[[], HttpResponseBase],
        kind: ProposalKind | None = None,
    ) -> HttpResponseBase:
        """Return the answer. If it is refused, go back to the import's page and say why.

        If the action needs approval, make a proposal of this kind.
        """
        try:
            return answer()
        except ApprovalNeeded:
            if kind is None:
                raise
            return self.ask(request, kind, import_)
        except Import.DoesNotExist:
            raise Http404(GONE) from None
        except ImportsError as refusal:
            return self.back_with(request, import_, str(refusal), level=messages.ERROR)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Delete the import, unless it is in progress."""
        try:
            response: HttpResponse = super().delete_view(request, object_id, extra_context)
        except ImportInProgress:
            message = "The import is in progress: interrupt it first, or wait until it is over."
            import_ = self.found(request, object_id)
            return self.back_with(request, import_, message, level=messages.ERROR)
        return response

    def delete_model(self, request: HttpRequest, obj: Import) -> None:
        """Delete the import as a client's DELETE does. Raises ImportInProgress."""
        delete_import(import_=obj)
