"""The staff pages of proposals: a list of them, and a page for each."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from imports_app.admin.audit import StaffAction, record, staff
from imports_app.admin.frame import action
from imports_app.admin.glance import Glance
from imports_app.admin.import_actions import APPROVAL, ImportActions
from imports_app.conf import conf
from imports_app.database import atomic
from imports_app.exceptions import ImportsError
from imports_app.models import Import, Proposal
from imports_app.permissions import may_approve
from imports_app.services.proposing import approve, decline, proposals_of, waiting_for, withdraw

APPROVALS = "admin:imports_app_import_approvals"
SHOWN = 50
MAX_REASON = 1_000  # characters
NO_REASON = "Give a reason for the person who asked."


class ApprovalPages(ImportActions):
    """The proposals' pages; a base of ImportAdmin."""

    actions_list: tuple[str, ...] = ("approvals",)

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """Return the page of a proposal."""
        page = ("approvals/<uuid:proposal_id>/", "imports_app_import_approval", self.approval)
        return (page, *super().get_custom_urls())

    def has_approvals_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Return whether there may be proposals that this user can see."""
        is_used = conf.approval or Proposal.objects.exists()
        return is_used and self.has_view_permission(request)

    @action(description="Approvals", permissions=["approvals"])  # type: ignore[untyped-decorator]
    def approvals(self, request: HttpRequest) -> HttpResponse:
        """List what this user may decide on, and what they asked for."""
        return self._framed(
            request,
            "list.html",
            "Approvals",
            to_decide=list(waiting_for(request.user)[:SHOWN]),
            own=list(proposals_of(request.user.pk)[:SHOWN]),
            may_approve=may_approve(request.user),
            days=conf.draft_days,
            modes=conf.modes,
        )

    def approval(self, request: HttpRequest, proposal_id: UUID, **_: Any) -> HttpResponse:
        """Show the proposal; on POST, carry out the decision."""
        self.require(request, "view")
        asked = Proposal.objects.select_related("subject", "asked_by", "declined_by")
        proposal = asked.filter(pk=proposal_id).first()
        if proposal is None:
            raise Http404("It was decided, withdrawn, or deleted because of its age.")
        if request.method == "POST":
            return self._decided(request, proposal, request.POST.get("action", ""))
        return self._proposal_page(request, proposal)

    def _proposal_page(self, request: HttpRequest, proposal: Proposal, **more: Any) -> HttpResponse:
        is_own = proposal.asked_by_id == request.user.pk
        return self._framed(
            request,
            "one.html",
            f"Approval: {proposal.kind} of {proposal.subject.resource_type}",
            proposal=proposal,
            subject=proposal.subject,
            glance=Glance(proposal.subject),
            is_own=is_own,
            may_decide=proposal.is_waiting and not is_own and may_approve(request.user),
            max_reason=MAX_REASON,
            modes=conf.modes,
            **more,
        )

    def _framed(
        self, request: HttpRequest, template: str, title: str, **context: Any
    ) -> HttpResponse:
        frame = self.admin_site.each_context(request)
        context = {**frame, "opts": self.opts, "title": title, **context}
        return TemplateResponse(request, f"imports_app/admin/approvals/{template}", context)

    def _decided(self, request: HttpRequest, proposal: Proposal, action: str) -> HttpResponse:
        reason = request.POST.get("reason", "").strip()[:MAX_REASON]
        if action == "decline" and not reason:
            return self._proposal_page(request, proposal, trouble=NO_REASON)
        try:
            if action == "approve":
                return self._approved(request, proposal)
            if action == "decline":
                decline(proposal=proposal, by=staff(request), reason=reason)
                record(request, proposal.subject, StaffAction.DECLINED, f"to {proposal.kind} it")
                self.message_user(request, "Declined; the reason is shown to the person who asked.")
            elif action == "withdraw" and proposal.asked_by_id == request.user.pk:
                withdraw(proposal=proposal)
                record(request, proposal.subject, StaffAction.WITHDREW, f"to {proposal.kind} it")
                self.message_user(request, "Withdrawn.")
        except (ImportsError, Import.DoesNotExist) as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            still = Proposal.objects.filter(pk=proposal.pk).exists()
            return redirect(APPROVAL, proposal.pk) if still else redirect(APPROVALS)
        return redirect(APPROVALS)

    def _approved(self, request: HttpRequest, proposal: Proposal) -> HttpResponse:
        with atomic():
            made = approve(proposal=proposal, by=staff(request))
            details = (
                f"what {proposal.asked_by} asked for: to {proposal.kind} {proposal.subject_id}"
            )
            record(request, made, StaffAction.APPROVED, details)
        return self.back_with(request, made, "Approved; the import will begin in its turn.")
