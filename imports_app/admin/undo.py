"""Undoing an import: a dry run that shows what would be put back, and then the undo itself."""

from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from imports_app.admin.audit import StaffAction, record, staff
from imports_app.admin.frame import action
from imports_app.admin.import_actions import ASK, ImportActions
from imports_app.admin.import_buttons import Button, url_of
from imports_app.database import atomic
from imports_app.engine.types import dry_run_problem
from imports_app.exceptions import ChangesNotKept, UndoneAlready
from imports_app.models import Import, ProposalKind
from imports_app.models.status import FINAL
from imports_app.outputs import amounts
from imports_app.services.proposing import needs_approval
from imports_app.services.undoing import standing_undo, undo_import
from imports_app.storage.changes import count, destroys

CHECK = "admin:imports_app_import_check"
LOOK = (
    "A dry run shows first which records would be put back, made again or destroyed, and which are "
    "left as they are because they changed since."
)
AT_ONCE = "A dry run {problem}. Records that changed since are left as they are."


class UndoImport(ImportActions):
    """The button and its page; a base of ImportAdmin."""

    actions_detail = (*ImportActions.actions_detail, "undo")

    def _buttons(self, request: HttpRequest, import_: Import) -> Any:
        yield from super()._buttons(request, import_)
        if self._may_undo(request, import_) and not standing_undo(import_):
            yield Button("Undo", url_of("undo", import_), "danger")

    def _may_undo(self, request: HttpRequest, import_: Import) -> bool:
        """Return whether there is something to undo, and whether the user may do that."""
        return (
            import_.status in FINAL
            and not import_.dry_run
            and self.has_run_permission(request)
            and import_.kept_changes.exists()
            and (not destroys(import_) or self.has_cleanup_permission(request))
        )

    @action(description="Undo", permissions=["run"])  # type: ignore[untyped-decorator]
    def undo(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Ask first. Then make a dry run of the undo; or the undo itself, if there can't be one."""
        import_ = self.found(request, object_id)
        if destroys(import_) and not self.has_cleanup_permission(request):
            raise PermissionDenied
        problem = dry_run_problem(count(import_))
        if request.method == "POST":
            make = partial(self.make_undo, request, import_, dry_run=not problem)
            return self._unless_refused(request, import_, make, ProposalKind.UNDO)
        at_once = ASK if problem and needs_approval(ProposalKind.UNDO, import_) else "Undo"
        return self.confirmation(
            request,
            import_,
            title="Undo this import?",
            question=AT_ONCE.format(problem=problem.message) if problem else LOOK,
            button=at_once if problem else "Look first",
            variant="danger" if problem else "primary",
        )

    def make_undo(self, request: HttpRequest, import_: Import, *, dry_run: bool) -> HttpResponse:
        """Make the undo, and go to its page. Raises ImportsError."""
        with atomic():
            made = undo_import(
                import_=import_,
                caller=None if dry_run else import_.caller,
                created_by=staff(request),
                dry_run=dry_run,
            )
            staff_action = StaffAction.DRY_RUN if dry_run else StaffAction.CREATED
            record(request, made, staff_action, f"to undo {import_.pk}")
        if dry_run:
            return redirect(CHECK, made.pk)
        return self.back_with(request, made, "The undo will begin in its turn.")

    def undo_after(self, request: HttpRequest, check: Import) -> HttpResponse:
        """Make the undo that the dry run showed. Raises ImportsError."""
        import_ = check.undo_of
        if import_ is None:
            raise ChangesNotKept
        if destroys(import_) and not self.has_cleanup_permission(request):
            raise PermissionDenied
        try:
            return self.make_undo(request, import_, dry_run=False)
        except UndoneAlready as already:
            made = Import.objects.get(pk=already.undo_id)
            return self.back_with(request, made, "It was undone before.")


def sentence_of(check: Import) -> str:
    """Return a sentence that says what would become of the records."""
    left = check.unchanged_count - check.destroyed_count
    parts = (
        (check.updated_count, "put back"),
        (check.created_count, "made again"),
        (check.destroyed_count, "destroyed"),
        (left, "left as they are"),
    )
    told = [f"{amounts.records(number)} {what}" for number, what in parts if number]
    return f"{', '.join(told).capitalize()}."
