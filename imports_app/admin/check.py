"""The page of a dry run that staff made: what its file has, what would happen, and the button."""

import re
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import pluralize
from django.template.response import TemplateResponse

from imports_app.admin import failures
from imports_app.admin.audit import StaffAction, record, staff
from imports_app.admin.diff.section import diff_of
from imports_app.admin.drafting.match_page import CHECK, MatchPage
from imports_app.admin.drafting.start_page import another_url
from imports_app.admin.glance import Glance
from imports_app.admin.import_actions import url_of
from imports_app.admin.mending.edits import Mending
from imports_app.admin.mending.page import MendImport
from imports_app.admin.new_import_preview import Preview
from imports_app.admin.undo import UndoImport, sentence_of
from imports_app.conf import conf
from imports_app.exceptions import ImportsError, InputsPruned
from imports_app.models import Import, Mode
from imports_app.models.status import FINAL, Status
from imports_app.registry import importers
from imports_app.services import perform
from imports_app.undoing import standing_undo

SHOWN_WARNINGS = 20


class Verdict(NamedTuple):
    """What is to be said of a dry run that is over, and the button to press; "" for none.

    `confirm` is a number that has to be typed before; None where the button is enough.
    """

    sentence: str
    button: str = ""
    variant: str = "primary"
    tone: str = ""
    confirm: int | None = None


class CheckImport(UndoImport, MendImport, MatchPage):
    """The page, for the class that shows imports."""

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """Return the page and what changes on it while the dry run goes on."""
        return (
            ("<uuid:object_id>/check/", "imports_app_import_check", self.review),
            ("<uuid:object_id>/check/live/", "imports_app_import_check_live", self.review_live),
            *super().get_custom_urls(),
        )

    def review(self, request: HttpRequest, object_id: UUID, **_: Any) -> HttpResponse:
        """Return the page; posted to, it makes the import."""
        import_ = self._rehearsal(request, object_id)
        if request.method == "POST":
            return self._perform(request, import_)
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
        """Return what changes on the page."""
        context = self._context(request, self._rehearsal(request, object_id))
        return TemplateResponse(request, "imports_app/admin/check_live.html", context)

    def _rehearsal(self, request: HttpRequest, object_id: UUID) -> Import:
        """Return a dry run of the staff; those of clients are the clients' own affair."""
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
            "verdict": None if made else self._verdict(request, import_),
            "can_interrupt": is_active and self.may_interrupt(request, import_),
            "interrupt_url": url_of("interrupt", import_),
            "failures_url": url_of("download_failures", import_),
            "diff": diff_of(import_, request.GET),
            "mend_url": url_of("mend", import_) if self.may_mend(request, import_) else "",
            "again_url": another_url(import_),
            "modes": conf.modes,
        }

    def _verdict(self, request: HttpRequest, import_: Import) -> Verdict | None:
        """None while the dry run is not over."""
        if import_.status not in FINAL:
            return None
        if import_.cleanup_records and not self.has_cleanup_permission(request):
            return Verdict("You may not import this: it would destroy records.", tone="bad")
        if import_.is_undo:
            return verdict_of_undo(import_)
        if not import_.chunks.exists():
            return Verdict(str(InputsPruned()), tone="bad")
        return verdict_of(import_)

    def _perform(self, request: HttpRequest, import_: Import) -> HttpResponse:
        """Make the import of these rows, unless it was made before."""
        if import_.cleanup_records and not self.has_cleanup_permission(request):
            raise PermissionDenied
        try:
            _check_confirmed(import_, request.POST.get("confirm", ""))
            if import_.is_undo:
                return self.undo_after(request, import_)
            if first := _mended_of(request, import_):
                return self.import_mended(request, Mending(staff(request), first))
            with transaction.atomic():
                was_made = Import.objects.filter(rehearsal=import_).exists()
                made = perform(rehearsal=import_, created_by=staff(request))
                if not was_made:
                    import_.drafts.all().delete()
                    record(request, made, StaffAction.CREATED, f"after the dry run {import_.pk}")
        except (ImportsError, Import.DoesNotExist) as reason:
            self.message_user(request, str(reason), messages.ERROR)
            return redirect(CHECK, import_.pk)
        message = "It was imported before." if was_made else "The import begins in its turn."
        return self.back_with(request, made, message)


def verdict_of(import_: Import) -> Verdict:
    """Of one that is over and whose rows are kept."""
    size, failed = import_.inputs_size, import_.errors_count
    if import_.all_or_nothing and failed:
        return Verdict(
            f"{failed:,} of {size:,} rows fail, so nothing would be imported.", tone="bad"
        )
    if import_.status == Status.INTERRUPTED:
        sentence = f"The dry run stopped after {import_.rows_done:,} of {size:,} rows."
        return Verdict(sentence, "Import all the same", "danger", "bad", _to_confirm(import_))
    too_many = failed > size * conf.error_percent / 100
    sentences = [f"{failed:,} of {size:,} rows would fail." if failed else "No row would fail."]
    if destroyed := import_.destroyed_count:
        sentences.append(f"{_records(destroyed)} would be destroyed.")
    return Verdict(
        " ".join(sentences),
        _button(size - failed, destroyed),
        "danger" if destroyed or too_many else "primary",
        "bad" if destroyed or failed else "",
        _to_confirm(import_),
    )


def verdict_of_undo(import_: Import) -> Verdict:
    """Of the dry run of an undo, which needs no rows."""
    destroyed = import_.destroyed_count
    if import_.status == Status.INTERRUPTED:
        return Verdict("The dry run stopped: nothing can be said of the undo.", tone="bad")
    if not import_.created_count + import_.updated_count + destroyed:
        return Verdict("Every record changed since: there is nothing to put back.", tone="bad")
    title = f"Undo and destroy {_records(destroyed)}" if destroyed else "Undo"
    tone = "bad" if destroyed else ""
    return Verdict(sentence_of(import_), title, "danger", tone, _to_confirm(import_))


def _mended_of(request: HttpRequest, rehearsal: Import) -> Import | None:
    """Return the import of which this one checks mended rows, which are to be its retry then; None
    where that one was a dry run, too.
    """
    draft = rehearsal.drafts.filter(owner=staff(request), mends__dry_run=False).first()
    return draft.mends if draft else None


def _made_of(rehearsal: Import) -> Import | None:
    """Return what was made after the dry run."""
    if rehearsal.is_undo:
        return standing_undo(rehearsal.undo_of) if rehearsal.undo_of else None
    return Import.objects.filter(rehearsal=rehearsal).only("pk").first()


def _button(rows: int, destroyed: int) -> str:
    """Return a text that says all that pressing it does."""
    title = f"Import {rows:,} row{pluralize(rows)}"
    return f"{title} and destroy {_records(destroyed)}" if destroyed else title


def _records(count: int) -> str:
    return f"{count:,} record{pluralize(count)}"


def _to_confirm(import_: Import) -> int | None:
    """Return how many records somebody has to have read would be destroyed: live ones only."""
    destroys = import_.mode == Mode.LIVE and import_.destroyed_count
    return import_.destroyed_count if destroys else None


def _check_confirmed(import_: Import, typed: str) -> None:
    """Raise ImportsError unless what has to be typed was."""
    number = _to_confirm(import_)
    if number is not None and re.sub(r"[\s,.]", "", typed) != str(number):
        raise ImportsError(f"Type {number} to have {_records(number)} destroyed.")
