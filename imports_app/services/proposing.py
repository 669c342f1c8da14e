"""Services for proposals: ask for an import, approve it, decline it.

A proposal has neither an event nor a place in the order of imports. Approving it creates the
import, with the records and with the permissions of its asker at that moment.
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils import timezone

from imports_app.conf import conf
from imports_app.database import atomic, on_commit
from imports_app.exceptions import (
    AskerNotPermitted,
    ChangesNotKept,
    DecidedAlready,
    NothingToRetry,
    NotPermitted,
    OwnProposal,
)
from imports_app.models import Import, Proposal, ProposalKind
from imports_app.permissions import check_approve, may_approve
from imports_app.queue import bell
from imports_app.services.approval import Approval, approval_needed
from imports_app.services.checking import import_checked
from imports_app.services.retrying import AS_THEY_WERE, Mended, retry_import
from imports_app.services.undoing import undo_import
from imports_app.storage.changes import count, destroys

RUN, CLEAN_UP = "imports_app.run_import", "imports_app.cleanup_import"
PRUNED_AT_ONCE = 100


def propose(*, kind: ProposalKind, subject: Import, by: User, compares: bool = True) -> Proposal:
    """Ask for an import that raised ApprovalNeeded, unless it is asked for already.

    An import that was declined may be asked for again.
    """
    fresh = {
        "asked_by": by,
        "compares": compares,
        "rows": rows_of(kind, subject),
        "destroys": would_destroy(kind, subject),
        "is_told": not conf.mail_from,
    }
    with atomic():
        Import.objects.select_for_update().get(pk=subject.pk)
        Proposal.objects.filter(~Q(declined_at=None), subject=subject, kind=kind).delete()
        proposal, is_new = Proposal.objects.get_or_create(
            subject=subject, kind=kind, defaults=fresh
        )
        if is_new and conf.mail_from:
            on_commit(bell.ring_senders)
    return proposal


def approve(*, proposal: Proposal, by: User) -> Import:
    """Create the import, once, in the name of its asker.

    Raises NotPermitted, OwnProposal; DecidedAlready if another was quicker; AskerNotPermitted;
    and what making the import raises: the proposal stays then.
    """
    check_approver(proposal, by)
    with atomic():
        _lock_imports(proposal)
        taken = _taken(proposal)
        asker = taken.asked_by
        _check_asker(taken, asker)
        try:
            made = _made(taken, asker, Approval(by))
        except NotPermitted as refusal:
            raise AskerNotPermitted(asker, refusal.permissions) from None
        taken.subject.drafts.all().delete()
    return made


def decline(*, proposal: Proposal, by: User, reason: str) -> None:
    """Decline it with a reason. Raises as `approve` does."""
    check_approver(proposal, by)
    told = {"declined_by": by, "declined_at": timezone.now(), "reason": reason, "is_told": True}
    if not Proposal.objects.filter(pk=proposal.pk, declined_at=None).update(**told):
        raise DecidedAlready


def withdraw(*, proposal: Proposal) -> None:
    """Delete the user's own proposal, waiting or declined. Raises DecidedAlready if it is gone."""
    if not Proposal.objects.filter(pk=proposal.pk).delete()[0]:
        raise DecidedAlready


def check_approver(proposal: Proposal, by: User) -> None:
    """Raise NotPermitted or OwnProposal unless this user may decide on it."""
    check_approve(by)
    if proposal.asked_by_id == by.pk:
        raise OwnProposal


def waiting_for(user: Any) -> QuerySet[Proposal]:
    """Return the proposals that the user may decide on, the oldest first."""
    waiting = Proposal.objects.filter(declined_at=None).exclude(asked_by_id=user.pk)
    return _with_subjects(waiting, "asked_by") if may_approve(user) else waiting.none()


def proposals_of(user_id: int | None) -> QuerySet[Proposal]:
    """Return the user's own proposals, the latest first."""
    own = Proposal.objects.filter(asked_by_id=user_id).order_by("-created_at")
    return _with_subjects(own, "declined_by")


def rows_of(kind: ProposalKind, subject: Import) -> int:
    """Return the number of rows that the import would have."""
    if kind == ProposalKind.RETRY and not subject.dry_run:
        return subject.inputs_size - subject.processed_count
    if kind == ProposalKind.UNDO and not subject.dry_run:
        return count(subject)
    return subject.inputs_size


def would_destroy(kind: ProposalKind, subject: Import) -> bool:
    """Return whether the import would destroy records."""
    if kind == ProposalKind.UNDO:
        first = _undone(subject)
        return first is not None and destroys(first)
    return kind == ProposalKind.IMPORT and subject.cleanup_records and subject.destroyed_count > 0


def needs_approval(kind: ProposalKind, subject: Import) -> bool:
    """Return whether what may be made of the subject needs the approval of a second person."""
    if not conf.approval:
        return False
    rows, does_destroy = rows_of(kind, subject), would_destroy(kind, subject)
    return approval_needed(subject.mode, rows, destroys=does_destroy) is not None


def prune_proposals() -> int:
    """Delete those that waited for conf.draft_days, or were declined as long ago."""
    before = timezone.now() - timedelta(days=conf.draft_days)
    is_over = Q(declined_at=None) | Q(declined_at__lt=before)
    old = Proposal.objects.filter(is_over, created_at__lt=before).values_list("pk", flat=True)
    return Proposal.objects.filter(pk__in=list(old[:PRUNED_AT_ONCE])).delete()[0]


def _with_subjects(proposals: QuerySet[Proposal], *more: str) -> QuerySet[Proposal]:
    """Return them with their imports, less what may be large of these."""
    large = (f"subject__{name}" for name in ("metadata", "interruption", "doomed_keys"))
    return proposals.select_related("subject", *more).defer(*large)


def _undone(subject: Import) -> Import | None:
    """Return the import that is to be undone: of a check, the one that it is about."""
    return subject.undo_of if subject.dry_run else subject


def _lock_imports(proposal: Proposal) -> None:
    """Lock what it is about before itself, the earlier import first: whoever deletes one does so,
    too, and goes on to what refers to it.
    """
    subject = proposal.subject
    pks = [pk for pk in (subject.pk, subject.retry_of_id, subject.undo_of_id) if pk is not None]
    locked = Import.objects.select_for_update().filter(pk__in=pks).order_by("pk")
    list(locked.values_list("pk"))


def _taken(proposal: Proposal) -> Proposal:
    """Return it, deleted, so that nobody else makes the import, too."""
    waiting = Proposal.objects.filter(pk=proposal.pk, declined_at=None)
    taken = waiting.select_related("asked_by", "subject").first()
    if taken is None or not waiting.delete()[0]:
        raise DecidedAlready
    return taken


def _check_asker(proposal: Proposal, asker: User) -> None:
    wanted = [RUN, CLEAN_UP] if proposal.destroys else [RUN]
    missing = [each for each in wanted if asker.is_active and not asker.has_perm(each)]
    if missing or not asker.is_active:
        raise AskerNotPermitted(asker, missing)


def _made(proposal: Proposal, asker: User, approval: Approval) -> Import:
    subject = proposal.subject
    if proposal.kind == ProposalKind.IMPORT:
        return import_checked(
            check=subject, created_by=asker, compare=proposal.compares, approval=approval
        )
    if proposal.kind == ProposalKind.UNDO:
        first = _undone(subject)
        if first is None:
            raise ChangesNotKept
        caller = first.caller
        return undo_import(import_=first, caller=caller, created_by=asker, approval=approval)
    first = subject.retry_of if subject.is_check else subject
    if first is None:
        raise NothingToRetry
    mended = Mended(check=subject) if subject.is_check else AS_THEY_WERE
    return retry_import(
        import_=first,
        caller=first.caller,
        created_by=asker,
        mended=mended,
        approval=approval,
    )
