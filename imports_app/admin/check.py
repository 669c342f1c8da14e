"""The page of a dry run that staff made: its file, what would happen, and the button to import."""

from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from imports_app.admin import failures
from imports_app.admin.audit import StaffAction, record, staff
from imports_app.admin.diff.section import diff_of
from imports_app.admin.drafting.match_page import CHECK, MatchPage
from imports_app.admin.drafting.start_page import another_url
from imports_app.admin.glance import Glance
from imports_app.admin.import_buttons import failure_files, url_of
from imports_app.admin.mending.page import MendImport
from imports_app.admin.new_import_preview import Preview
from imports_app.admin.undo import UndoImport
from imports_app.admin.verdict import (
    Verdict,
    check_confirmed,
    verdict_of,
    verdict_of_outdated,
    verdict_of_undo,
)
from imports_app.conf import conf
from imports_app.database import atomic
from imports_app.exceptions import ApprovalNeeded, ImportsError, InputsPruned
from imports_app.models import Import, ProposalKind
from imports_app.models.status import FINAL
from imports_app.registry import importers
from imports_app.services.checking import check_again, import_checked, is_outdated, made_of
from imports_app.services.proposing import needs_approval
from imports_app.services.undoing import standing_undo

SHOWN_WARNINGS = 20
MAY_NOT_DESTROY = Verdict("You may not import this: it would destroy records.", tone="bad")


class Outdated(NamedTuple):
    """What can be done about an import that ended because its check was outdated.

    If the check's rows have been imported since, `made` is that import and there is no `verdict`.
    """

    check: Import
    verdict: Verdict | None
    made: Import | None = None


class CheckImport(UndoImport, MendImport, MatchPage):
    """The page of a check; a base of ImportAdmin."""

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """Return the page, and the part of it that changes while the dry run goes on."""
        return (
            ("<uuid:object_id>/check/", "imports_app_import_check", self.review),
            ("<uuid:object_id>/check/again/", "imports_app_import_check_again", self.review_again),
            ("<uuid:object_id>/check/live/", "imports_app_import_check_live", self.review_live),
            *super().get_custom_urls(),
        )

    def review(self, request: HttpRequest, object_id: UUID, **_: Any) -> HttpResponse:
        """Show the page; on POST, make the import."""
        import_ = self._check_of(request, object_id)
        if request.method == "POST":
            return self._import_checked(request, import_)
        is_known = import_.resource_type in importers and import_.chunks.exists()
        context = self._context(request, import_)
        context["preview"] = Preview(import_) if is_known else None
        draft = import_.drafts.filter(owner=staff(request)).only("pk", "mends_id").first()
        context["draft"] = None if draft and draft.mends_id else draft
        context["mends_id"] = draft and draft.mends_id
        name = import_.reference or import_.resource_type
        title = f"Undo of {name}" if import_.is_undo else f"New import: {name}"
        return self.page(request, "imports_app/admin/check.html", import_, title=title, **context)

    def review_live(self, request: HttpRequest, object_id: UUID, **_: Any) -> HttpResponse:
        """Return the part of the page that changes."""
        context = self._context(request, self._check_of(request, object_id))
        return TemplateResponse(request, "imports_app/admin/check_live.html", context)

    def review_again(self, request: HttpRequest, object_id: UUID, **_: Any) -> HttpResponse:
        """On POST, make another dry run of the same rows, and go to its page."""
        import_ = self._check_of(request, object_id)
        if request.method != "POST" or import_.is_undo:
            return redirect(CHECK, import_.pk)
        self._require_cleanup(request, import_)
        try:
            with atomic():
                made = check_again(check=import_, created_by=staff(request))
                record(request, made, StaffAction.DRY_RUN, f"again, after {import_.pk}")
        except (ImportsError, Import.DoesNotExist) as reason:
            self.message_user(request, str(reason), messages.ERROR)
            return redirect(CHECK, import_.pk)
        return redirect(CHECK, made.pk)

    def outdated(self, request: HttpRequest, import_: Import) -> Outdated | None:
        """Return what can be done about an import that ended because its check was outdated.

        None if it ended otherwise, or if this user can do nothing about it.
        """
        check = import_.check_of if is_outdated(import_) else None
        if check is None or not self.has_run_permission(request):
            return None
        if (made := made_of(check)) and made != import_:
            return Outdated(check, None, made)
        if self._lacks_cleanup(request, check):
            return Outdated(check, MAY_NOT_DESTROY)
        return Outdated(check, verdict_of_outdated(check))

    def _lacks_cleanup(self, request: HttpRequest, import_: Import) -> bool:
        return import_.cleanup_records and not self.has_cleanup_permission(request)

    def _require_cleanup(self, request: HttpRequest, import_: Import) -> None:
        if self._lacks_cleanup(request, import_):
            raise PermissionDenied

    def _check_of(self, request: HttpRequest, object_id: UUID) -> Import:
        """Return a dry run that staff made. Raise Http404 for one of a client."""
        self.require(request, "view")
        self.require(request, "run")
        import_: Import = self.found(request, str(object_id))
        if not import_.dry_run or import_.caller is not None:
            raise Http404
        return import_

    def _context(self, request: HttpRequest, import_: Import) -> dict[str, Any]:
        is_active = import_.status not in FINAL and not import_.interrupt_requested
        made = _made_of(import_)
        return {
            "original": import_,
            "glance": Glance(import_),
            "groups": failures.groups(import_) if import_.errors_count else [],
            "warnings": import_.warnings.all()[:SHOWN_WARNINGS],
            "made": made,
            "others": _check_of_others(import_),
            "outdated": self.outdated(request, made) if made else None,
            "proposal": None if made else import_.proposals.select_related("declined_by").first(),
            "verdict": None if made else self._asking(request, import_),
            "can_interrupt": is_active and self.may_interrupt(request, import_),
            "interrupt_url": url_of("interrupt", import_),
            "failure_files": [*failure_files(import_)],
            "diff": diff_of(import_, request.GET),
            "mend_url": url_of("mend", import_) if self.may_mend(request, import_) else "",
            "again_url": another_url(import_),
            "modes": conf.modes,
        }

    def _asking(self, request: HttpRequest, import_: Import) -> Verdict | None:
        """Return the verdict. Its button asks for approval if the import needs it."""
        verdict = self._verdict(request, import_)
        if verdict and verdict.button and needs_approval(_kind(import_), import_):
            return verdict.asking()
        return verdict

    def _verdict(self, request: HttpRequest, import_: Import) -> Verdict | None:
        """Return the verdict; None while the dry run goes on."""
        if import_.status not in FINAL:
            return None
        if self._lacks_cleanup(request, import_):
            return MAY_NOT_DESTROY
        if import_.is_undo:
            return verdict_of_undo(import_)
        if not import_.chunks.exists():
            return Verdict(str(InputsPruned()), tone="bad")
        return verdict_of(import_)

    def _import_checked(self, request: HttpRequest, import_: Import) -> HttpResponse:
        """Make the import of the dry run's rows, unless it was made before."""
        self._require_cleanup(request, import_)
        compare = "without_comparison" not in request.POST
        try:
            check_confirmed(import_, request.POST.get("confirm", ""))
            if import_.is_undo:
                return self.undo_after(request, import_)
            if _mended_of(import_):
                return self.retry_as_checked(request, import_)
            with atomic():
                before = made_of(import_)
                made = import_checked(check=import_, created_by=staff(request), compare=compare)
                if made != before:
                    import_.drafts.all().delete()
                    how = "" if compare else ", without the comparison"
                    details = f"after the dry run {import_.pk}{how}"
                    record(request, made, StaffAction.CREATED, details)
        except ApprovalNeeded:
            return self.ask(request, _kind(import_), import_, compares=compare)
        except (ImportsError, Import.DoesNotExist) as reason:
            self.message_user(request, str(reason), messages.ERROR)
            return redirect(CHECK, import_.pk)
        message = (
            "It was imported before." if made == before else "The import will begin in its turn."
        )
        return self.back_with(request, made, message)


def _mended_of(check: Import) -> Import | None:
    """Return the import whose mended rows this dry run checks, and which they are to retry.

    None if that import was a dry run itself.
    """
    first = check.retry_of if check.is_check else None
    return None if first is None or first.dry_run else first


def _check_of_others(check: Import) -> Import | None:
    """Return the dry run whose mended rows this one checks, as long as its other rows wait.

    Somebody who imports the mended rows may believe that these are all the rows.
    """
    first = check.retry_of if check.is_check else None
    if first is None or not first.dry_run or made_of(first):
        return None
    return first if first.rows_done > first.errors_count else None


def _kind(check: Import) -> ProposalKind:
    """Return what kind of import would be made after the dry run."""
    if check.is_undo:
        return ProposalKind.UNDO
    return ProposalKind.RETRY if _mended_of(check) else ProposalKind.IMPORT


def _made_of(check: Import) -> Import | None:
    """Return the import that was made after the dry run, if any."""
    if check.is_undo:
        return standing_undo(check.undo_of) if check.undo_of else None
    if first := _mended_of(check):
        return first.retries.filter(is_check=False).first()
    return made_of(check)
