"""The second step: columns are matched with attributes, and the check or the import is created."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from imports_app.admin.audit import StaffAction, record, staff
from imports_app.admin.drafting.draft import Choice, Draft
from imports_app.admin.drafting.fits import fits_of
from imports_app.admin.drafting.needs import needs_of
from imports_app.admin.drafting.order_form import OrderForm
from imports_app.admin.drafting.parents import parents_like
from imports_app.admin.drafting.read_page import (
    MATCH,
    ReadPage,
    can_be_matched,
    title_of,
    understood,
)
from imports_app.admin.drafting.start_page import READ
from imports_app.admin.drafting.understanding import (
    choices,
    look_as_type,
    options_of,
    rows_of,
    troubles_of,
)
from imports_app.conf import conf
from imports_app.database import atomic
from imports_app.engine.reading import target_of
from imports_app.engine.types import whole_problem
from imports_app.inputs import InputsRefused, RowSource, Unreadable
from imports_app.inputs.file_options import TRANSFORMS
from imports_app.inputs.names import names_of
from imports_app.inputs.transforms import suits
from imports_app.models import Import, Mode, ProposalKind
from imports_app.outputs import amounts
from imports_app.services import ImportOrder, create_import
from imports_app.services.approval import approval_needed
from imports_app.storage import drafts

CHECK = "admin:imports_app_import_check"
# What a check is, made in place of an import that needs approval.
AS_CHECK = {"dry_run": True, "skip_errors": True}
NEEDS_CHECK = "The import needs the approval of a second person, who has to see a check of it."


class MatchPage(ReadPage):
    """The step's page; a base of ImportAdmin."""

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """Return the URLs of the page, and of the search for parents while somebody types."""
        return (
            ("drafts/<uuid:draft_id>/match/", "imports_app_import_draft_match", self.match_step),
            (
                "drafts/<uuid:draft_id>/parents/",
                "imports_app_import_draft_parents",
                self.parents_like,
            ),
            *super().get_custom_urls(),
        )

    def match_step(self, request: HttpRequest, draft_id: UUID, **_: Any) -> HttpResponse:
        """Show the columns; on POST, match them as chosen, and create the check or the import."""
        draft = self.draft(request, draft_id)
        schema = draft.schema
        if schema is None or not can_be_matched(draft):
            return redirect(READ, draft.kept.pk)
        may_clean_up = self.has_cleanup_permission(request)
        if "cleanup_records" in request.POST and not may_clean_up:
            raise PermissionDenied
        form = OrderForm(
            request.POST or None,
            initial={"dry_run": True, **draft.state.order},
            importer=schema.importer,
            may_clean_up=may_clean_up,
        )
        if request.method == "POST":
            _choose(draft, request.POST)
            draft.state.order = _as_kept(form)
            if request.POST.get("action") == "check":
                if import_ := self._created(request, draft, form):
                    return self._next_page(request, import_, form)
            else:
                look_as_type(draft)
                draft.save()
                return redirect(MATCH, draft.kept.pk)
        return self._shown(request, draft, form)

    def parents_like(self, request: HttpRequest, draft_id: UUID, **_: Any) -> HttpResponse:
        """Return the parents whose names contain the text that was typed, with their ids."""
        draft = self.draft(request, draft_id)
        text, mode = request.GET.get("q", ""), request.GET.get("mode", "")
        found = []
        if draft.schema and (mode in Mode.values or not conf.modes):
            found = parents_like(draft.schema.importer, mode, text)
        return JsonResponse({"parents": [each._asdict() for each in found]})

    def _shown(self, request: HttpRequest, draft: Draft, form: OrderForm) -> HttpResponse:
        chosen = choices(draft)
        return self.step(
            request,
            "match.html",
            title_of(draft),
            draft=draft,
            form=form,
            understood=understood(draft),
            troubles=draft.state.troubles,
            fits=fits_of(draft, chosen),
            needs=needs_of(draft, chosen),
        )

    def _created(self, request: HttpRequest, draft: Draft, form: OrderForm) -> Import | None:
        """Create and return the import. If it can't be created, return None: the page says why."""
        draft.state.troubles = []
        if not form.is_valid():
            draft.save()
            return None
        draft.state.order = _as_kept(form)
        try:
            source = rows_of(draft)
        except (InputsRefused, Unreadable) as refusal:
            draft.state.troubles = list(troubles_of(refusal))
            draft.save()
            return None
        attributes = form.attributes
        is_asked_for = not attributes["dry_run"] and approval_needed(
            form.mode_of_import, len(source.rows), destroys=False
        )
        if is_asked_for:
            attributes |= AS_CHECK
        if problem := whole_problem(attributes, source.rows):
            if is_asked_for:
                form.add_error(problem.attribute, NEEDS_CHECK)
            form.add_error(problem.attribute, f"{problem.message}.")
            draft.save()
            return None
        attributes["file_options"] = options_of(draft)
        return self._create(request, draft, source, form.mode_of_import, attributes)

    def _create(
        self,
        request: HttpRequest,
        draft: Draft,
        source: RowSource,
        mode: str,
        attributes: dict[str, Any],
    ) -> Import:
        kept = draft.kept
        attributes["reference"] = attributes["reference"] or kept.name or None
        staff_action = StaffAction.DRY_RUN if attributes["dry_run"] else StaffAction.CREATED
        source_name = f"the file {kept.name}" if kept.name else "pasted cells"
        with atomic():
            import_ = create_import(
                order=ImportOrder.of(source, **attributes),
                mode=mode,
                created_by=staff(request),
            )
            details = f"with {amounts.rows(import_.inputs_size)} from {source_name}"
            record(request, import_, staff_action, details)
            _remember(draft)
            if import_.dry_run:
                kept.last_check = import_
                draft.save()
            else:
                kept.delete()
        return import_

    def _next_page(self, request: HttpRequest, import_: Import, form: OrderForm) -> HttpResponse:
        """Go to the import, to its check, or to the page where it waits for approval."""
        if form.cleaned_data["dry_run"]:
            return redirect(CHECK, import_.pk)
        if import_.dry_run:
            return self.ask(request, ProposalKind.IMPORT, import_)
        return self.back_with(
            request, import_, "The import was created; it will begin in its turn."
        )


def _choose(draft: Draft, sent: Any) -> None:
    """Take over the form's choices for columns. Other choices stay as they were."""
    survey, schema = draft.state.survey, draft.schema
    if survey is None or schema is None or not survey.is_table:
        return
    target = target_of(schema)
    before = choices(draft)
    for place, name in enumerate(survey.header):
        if f"attribute-{place}" not in sent:
            continue
        path = names_of(target).path_of(sent[f"attribute-{place}"])
        attribute = ".".join(path) if path else None
        transform = sent.get(f"transform-{place}", "")
        kind = target.kinds.get(attribute or "")
        does = kind is not None and transform in TRANSFORMS and suits(transform, kind)
        choice = Choice(attribute, transform if does else "")
        last = before[name]
        if (last.attribute, last.transform) != (choice.attribute, choice.transform):
            draft.state.chosen[name] = choice


def _as_kept(form: OrderForm) -> dict[str, Any]:
    """Return the form's values, whether valid or not, so that they can be shown again."""
    values = {}
    for name in form.fields:
        value = form.cleaned_data.get(name) if hasattr(form, "cleaned_data") else None
        values[name] = form[name].value() if value is None else value
    return {name: value for name, value in values.items() if value not in (None, "")}


def _remember(draft: Draft) -> None:
    survey = draft.state.survey
    if survey and survey.is_table:
        columns = {name: (c.attribute, c.transform) for name, c in choices(draft).items()}
        drafts.remember(draft.kept.resource_type, survey.header, columns)
