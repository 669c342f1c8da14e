"""The first step: shows how a draft's file was understood, and lets staff correct that."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from imports_app.admin.audit import staff
from imports_app.admin.drafting.cells import cells_of, rows_by_column
from imports_app.admin.drafting.draft import Draft, Survey
from imports_app.admin.drafting.fits import HIDDEN, hidden_columns
from imports_app.admin.drafting.read_form import ReadForm, sentence
from imports_app.admin.drafting.start_page import NEW, READ, StartPage
from imports_app.admin.drafting.understanding import decimal_of, look
from imports_app.exceptions import SealBroken
from imports_app.inputs import Unreadable
from imports_app.models import ImportDraft

MATCH = "admin:imports_app_import_draft_match"
ROWS = 5
# Troubles that the next step resolves, where columns are matched.
OF_COLUMNS = frozenset(("unknown", "taken", "conflict", "invalid", "blank_key"))


class ReadPage(StartPage):
    """The step's page; a base of ImportAdmin."""

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """Return the URLs of the page, and of the deletion of a draft."""
        return (
            ("drafts/<uuid:draft_id>/", "imports_app_import_draft", self.read_step),
            (
                "drafts/<uuid:draft_id>/delete/",
                "imports_app_import_draft_delete",
                self.delete_draft,
            ),
            *super().get_custom_urls(),
        )

    def read_step(self, request: HttpRequest, draft_id: UUID, **_: Any) -> HttpResponse:
        """Show how the file was understood. On POST, read it with the options of the form."""
        draft = self.draft(request, draft_id)
        state = draft.state
        form = ReadForm(
            request.POST or None,
            initial={"resource_type": draft.kept.resource_type, **state.given},
            survey=state.survey,
            decimal=decimal_of(draft),
        )
        if form.is_valid():
            self._read_again(request, draft, form)
            goes_on = request.POST.get("action") == "next" and can_be_matched(draft)
            return redirect(MATCH if goes_on else READ, draft.kept.pk)
        return self.step(
            request,
            "read.html",
            title_of(draft),
            draft=draft,
            form=form,
            understood=understood(draft),
            troubles=[] if can_be_matched(draft) else draft.state.troubles,
            table=_table(draft) if state.survey else None,
            can_go_on=can_be_matched(draft),
        )

    def delete_draft(self, request: HttpRequest, draft_id: UUID, **_: Any) -> HttpResponse:
        """Delete the draft."""
        self.require(request, "run")
        kept = get_object_or_404(ImportDraft, owner=staff(request), pk=draft_id)
        if request.method == "POST":
            kept.delete()
            self.message_user(request, "The draft is deleted.", messages.SUCCESS)
        return redirect(NEW)

    def draft(self, request: HttpRequest, draft_id: UUID) -> Draft:
        """Return a draft of the request's user. Raises PermissionDenied, Http404."""
        self.require(request, "run")
        return Draft.of(staff(request), draft_id)

    def _read_again(self, request: HttpRequest, draft: Draft, form: ReadForm) -> None:
        type_ = form.cleaned_data["resource_type"]
        if type_ != draft.kept.resource_type:
            draft.kept.resource_type = type_
            draft.state.chosen = {}
            draft.state.order.pop("parent_resource_id", None)
        draft.state.given = form.given
        try:
            look(draft)
        except (Unreadable, SealBroken) as reason:
            self.message_user(request, str(reason), messages.ERROR)
            return
        draft.save()


def can_be_matched(draft: Draft) -> bool:
    """Return whether the file can be read, so that its columns can be matched."""
    codes = {trouble.code for trouble in draft.state.troubles}
    return draft.state.survey is not None and draft.schema is not None and codes <= OF_COLUMNS


def understood(draft: Draft) -> str:
    """Return how the file was understood, in a few words; empty if it can't be read."""
    survey = draft.state.survey
    if survey is None:
        return ""
    return sentence(survey, decimal_of(draft))


def title_of(draft: Draft) -> str:
    """Return the title of the draft's pages."""
    return f"New import: {draft.kept.name or 'pasted cells'}"


def _table(draft: Draft) -> dict[str, Any]:
    """Return the first rows as they are in the file, without columns that may be secret."""
    survey = draft.state.survey or Survey("csv", 0, [], [], [])
    hidden = hidden_columns(draft)
    rows = rows_by_column(survey.first[:ROWS])
    columns = [[*cells_of(rows, name)] for name in survey.header]
    return {
        "header": survey.header,
        "rows": [
            (
                line,
                [
                    _shown(cells[n], hides=name in hidden)
                    for name, cells in zip(survey.header, columns, strict=True)
                ],
            )
            for n, line in enumerate(survey.lines[: len(rows)])
        ],
    }


def _shown(cell: Any, *, hides: bool) -> str:
    if cell is None or cell == "":
        return ""
    return HIDDEN if hides else str(cell)[:100]
