"""Imports that need the approval of a second person."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone
from pytest_django import Settings

from imports_app.commerce.models import Sku
from imports_app.engine.types import NotAdmitted
from imports_app.exceptions import (
    ApprovalNeeded,
    AskerNotPermitted,
    DecidedAlready,
    InputsPruned,
    NotPermitted,
    OwnProposal,
    RetriedAlready,
    UndoneAlready,
)
from imports_app.inputs import InputFormat, Reader
from imports_app.models import Event, Import, ImportChunk, ImportQueue, Mode, Proposal, ProposalKind
from imports_app.models.status import Status
from imports_app.services import ImportOrder, create_import, delete_import
from imports_app.services.checking import check_again, import_checked
from imports_app.services.proposing import (
    approve,
    decline,
    needs_approval,
    propose,
    prune_proposals,
    waiting_for,
    withdraw,
)
from imports_app.services.retrying import Mended, retry_import
from imports_app.services.undoing import undo_import
from tests.factories.commerce import PriceListFactory, SkuFactory
from tests.integration import approving
from tests.integration.approving import APPROVER, STAFF, user_with
from tests.integration.reliability.test_races import both_ways, race
from tests.running import run_to_end

pytestmark = pytest.mark.django_db(transaction=True)

FEW = [{"code": "A", "name": "a"}]
MANY = [*FEW, {"code": "B", "name": "b"}]


@pytest.fixture(autouse=True)
def configured(settings: Settings) -> None:
    settings.IMPORTS_APPROVAL = True
    settings.IMPORTS_APPROVAL_ROWS = 1


@pytest.fixture
def asker() -> User:
    return user_with("asker", *STAFF)


@pytest.fixture
def second() -> User:
    return user_with("second", *APPROVER)


def checked(rows: Any = MANY, **attributes: Any) -> Import:
    return approving.checked(rows, **attributes)


def done(rows: Any = MANY, **attributes: Any) -> Import:
    return approving.done(rows, **attributes)


def proposed(asker: User, **attributes: Any) -> Proposal:
    check = checked(**attributes)
    with pytest.raises(ApprovalNeeded):
        import_checked(check=check, created_by=asker)
    return propose(kind=ProposalKind.IMPORT, subject=check, by=asker)


def without(user: User, codename: str) -> User:
    user.user_permissions.remove(Permission.objects.get(codename=codename))
    return User.objects.get(pk=user.pk)


def ordered(rows: int, mode: str = Mode.LIVE, **attributes: Any) -> Import:
    texts = [b'{"code": "%d", "name": "a"}' % n for n in range(rows)]
    order = ImportOrder(rows=texts, resource_type="skus", **attributes)
    return create_import(order=order, mode=mode)


# What needs approval.


@pytest.mark.once
def test_a_live_import_above_the_limit_is_refused_with_limit_and_count() -> None:
    with pytest.raises(ApprovalNeeded) as refusal:
        ordered(2)

    assert str(refusal.value) == (
        "Imports of live data of more than 1 row need the approval of a second person; this one"
        " has 2."
    )
    assert refusal.value.meta == {"rows": 2, "limit": 1, "destroys": False}
    assert not Import.objects.exists()


@pytest.mark.once
def test_an_import_that_destroys_needs_approval_however_few_rows_it_has() -> None:
    with pytest.raises(ApprovalNeeded, match="that destroy records need"):
        ordered(1, cleanup_records=True)


@pytest.mark.once
@pytest.mark.parametrize(
    ("rows", "attributes"),
    [
        (1, {}),
        (2, {"mode": Mode.TEST}),
        (2, {"dry_run": True}),
        (1, {"cleanup_records": True, "cleanup_limit": 0}),
        (1, {"cleanup_records": True, "mode": Mode.TEST}),
    ],
)
def test_within_the_limits_nobody_is_asked(rows: int, attributes: dict[str, Any]) -> None:
    assert ordered(rows, **attributes).approved_by is None


@pytest.mark.once
def test_nobody_is_asked_unless_the_setting_says_so(settings: Settings) -> None:
    settings.IMPORTS_APPROVAL = False

    ordered(2, cleanup_records=True)


@pytest.mark.once
def test_without_modes_all_data_is_live(settings: Settings) -> None:
    settings.IMPORTS_MODES = False

    with pytest.raises(ApprovalNeeded, match=r"^Imports of more than 1 row need"):
        ordered(2)


def test_retries_and_undos_have_the_same_limits(settings: Settings, asker: User) -> None:
    failed = done([{"code": "A"}, {"code": "B"}])
    made = done([{"code": "C", "name": "c"}])
    SkuFactory.create(code="D", mode=Mode.LIVE)
    changed = done([{"code": "D", "name": "d"}])

    with pytest.raises(ApprovalNeeded, match="this one has 2"):
        retry_import(import_=failed)
    with pytest.raises(ApprovalNeeded, match="that destroy records"):
        undo_import(import_=made, created_by=asker)
    assert undo_import(import_=made, dry_run=True).dry_run
    assert undo_import(import_=changed).undo_of == changed
    assert [each for each in Import.objects.all() if each.approved_by] == []


# What waits.


def test_a_proposal_is_not_an_import_and_nothing_waits_behind_it(asker: User) -> None:
    check = checked()
    before = (Event.objects.count(), list(ImportQueue.objects.values()))

    proposal = propose(kind=ProposalKind.IMPORT, subject=check, by=asker)

    assert [*Import.objects.all()] == [check]
    assert (Event.objects.count(), list(ImportQueue.objects.values())) == before
    assert (proposal.rows, proposal.destroys, proposal.is_waiting) == (2, False, True)
    assert run_to_end(ordered(1)).status == Status.COMPLETED


def test_approving_it_makes_the_import_of_whoever_asked(asker: User, second: User) -> None:
    proposal = proposed(asker)

    import_ = run_to_end(approve(proposal=proposal, by=second))

    assert (import_.status, import_.created_count) == (Status.COMPLETED, 2)
    assert (import_.created_by, import_.approved_by) == (asker, second)
    assert import_.check_of == proposal.subject
    assert not Proposal.objects.exists()


def test_the_same_proposal_is_not_made_twice(asker: User) -> None:
    first = proposed(asker)

    again = propose(kind=ProposalKind.IMPORT, subject=first.subject, by=user_with("third", *STAFF))

    assert again == first
    assert again.asked_by == asker


def test_a_retry_and_an_undo_are_asked_for_and_approved(asker: User, second: User) -> None:
    failed = done([{"code": "A"}, {"code": "B"}])
    made = done([{"code": "C", "name": "c"}])

    retry = propose(kind=ProposalKind.RETRY, subject=failed, by=asker)
    undo = propose(kind=ProposalKind.UNDO, subject=made, by=asker)
    assert (retry.rows, retry.destroys) == (2, False)
    assert (undo.rows, undo.destroys) == (1, True)

    assert approve(proposal=retry, by=second).retry_of == failed
    assert run_to_end(approve(proposal=undo, by=second)).destroyed_count == 1
    assert not Sku.objects.exists()


def test_an_undo_is_asked_for_by_its_dry_run_too(asker: User, second: User) -> None:
    made = done()
    look = run_to_end(undo_import(import_=made, created_by=asker, dry_run=True))

    assert needs_approval(ProposalKind.UNDO, look)
    proposal = propose(kind=ProposalKind.UNDO, subject=look, by=asker)
    import_ = approve(proposal=proposal, by=second)

    assert (import_.undo_of, import_.dry_run, import_.approved_by) == (made, False, second)


def test_mended_rows_are_imported_as_they_were_checked(asker: User, second: User) -> None:
    failed = done([{"code": "A"}, {"code": "B"}, {"code": "C", "name": "c"}])
    text = b'[{"index": 0, "code": "A", "name": "a"}, {"index": 1, "code": "B", "name": "b"}]'
    source = Reader(format=InputFormat.JSON).read(BytesIO(text))
    check = run_to_end(
        retry_import(import_=failed, created_by=asker, mended=Mended(source, is_check=True))
    )

    proposal = propose(kind=ProposalKind.RETRY, subject=check, by=asker)
    import_ = run_to_end(approve(proposal=proposal, by=second))

    assert (import_.retry_of, import_.is_check, import_.dry_run) == (failed, False, False)
    assert (import_.inputs_size, import_.created_count) == (2, 2)
    failed.refresh_from_db()
    assert failed.mended == 2


def test_whether_records_would_be_destroyed_is_what_the_check_found(asker: User) -> None:
    SkuFactory.create(code="Z", mode=Mode.LIVE)
    destroying, harmless = checked(FEW, cleanup_records=True), checked(FEW)

    assert needs_approval(ProposalKind.IMPORT, destroying)
    assert not needs_approval(ProposalKind.IMPORT, harmless)
    assert propose(kind=ProposalKind.IMPORT, subject=destroying, by=asker).destroys


# Who decides.


@pytest.mark.once
def test_nobody_approves_what_they_asked_for_however_much_they_may(second: User) -> None:
    everything = User.objects.create_superuser("everything")
    proposal = proposed(everything)

    for decide in (approve, lambda **given: decline(**given, reason="no")):
        with pytest.raises(OwnProposal):
            decide(proposal=proposal, by=everything)

    assert list(waiting_for(everything)) == []
    assert list(waiting_for(second)) == [proposal]


@pytest.mark.once
@pytest.mark.parametrize("lost", ["approve_import", "use_live_data"])
def test_the_permission_is_asked_when_it_is_decided(asker: User, second: User, lost: str) -> None:
    proposal = proposed(asker)
    fresh = without(second, lost)

    with pytest.raises(NotPermitted, match=lost):
        approve(proposal=proposal, by=fresh)
    with pytest.raises(NotPermitted, match=lost):
        decline(proposal=proposal, by=fresh, reason="no")

    assert list(waiting_for(fresh)) == []
    assert proposal in Proposal.objects.all()
    assert not Import.objects.filter(dry_run=False).exists()


@pytest.mark.once
@pytest.mark.parametrize("lost", ["run_import", "use_live_data", "add_sku"])
def test_the_askers_permissions_are_checked_again_at_the_approval(
    asker: User, second: User, lost: str
) -> None:
    proposal = proposed(asker)
    without(asker, lost)

    with pytest.raises(AskerNotPermitted, match=f"^asker, who asked for it, lacks .*{lost}"):
        approve(proposal=proposal, by=second)

    assert proposal in Proposal.objects.all()


@pytest.mark.once
def test_an_asker_who_may_no_longer_destroy_destroys_nothing(asker: User, second: User) -> None:
    SkuFactory.create(code="Z", mode=Mode.LIVE)
    proposal = proposed(asker, rows=FEW, cleanup_records=True)
    without(asker, "cleanup_import")

    with pytest.raises(AskerNotPermitted, match="cleanup_import"):
        approve(proposal=proposal, by=second)


@pytest.mark.once
def test_an_asker_who_left_gets_nothing_imported(asker: User, second: User) -> None:
    proposal = proposed(asker)
    User.objects.filter(pk=asker.pk).update(is_active=False)

    with pytest.raises(AskerNotPermitted, match="no longer active"):
        approve(proposal=proposal, by=second)


def test_a_declined_proposal_says_why_and_can_be_made_again(asker: User, second: User) -> None:
    proposal = proposed(asker)

    decline(proposal=proposal, by=second, reason="wrong prices")

    proposal.refresh_from_db()
    assert (proposal.declined_by, proposal.reason) == (second, "wrong prices")
    assert list(waiting_for(second)) == []
    with pytest.raises(DecidedAlready):
        approve(proposal=proposal, by=second)
    with pytest.raises(DecidedAlready):
        decline(proposal=proposal, by=second, reason="again")

    anew = propose(kind=ProposalKind.IMPORT, subject=proposal.subject, by=asker)
    assert anew.is_waiting
    assert [*Proposal.objects.all()] == [anew]


def test_a_withdrawn_proposal_is_gone(asker: User, second: User) -> None:
    proposal = proposed(asker)

    withdraw(proposal=proposal)

    with pytest.raises(DecidedAlready):
        withdraw(proposal=proposal)
    with pytest.raises(DecidedAlready):
        approve(proposal=proposal, by=second)


def test_an_undecided_proposal_is_pruned_after_days(asker: User, settings: Settings) -> None:
    settings.IMPORTS_DRAFT_DAYS = 3
    old, new = proposed(asker), proposed(asker)
    Proposal.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=4))

    assert prune_proposals() == 1

    assert [*Proposal.objects.all()] == [new]


def test_a_proposal_that_was_declined_late_stays_for_its_asker_to_see(
    asker: User, second: User, settings: Settings
) -> None:
    settings.IMPORTS_DRAFT_DAYS = 3
    proposal = proposed(asker)
    waiting = Proposal.objects.filter(pk=proposal.pk)
    waiting.update(created_at=timezone.now() - timedelta(days=4))
    decline(proposal=proposal, by=second, reason="wrong prices")

    assert prune_proposals() == 0
    waiting.update(declined_at=timezone.now() - timedelta(days=4))
    assert prune_proposals() == 1


# What changed meanwhile.


@pytest.mark.once
def test_a_type_that_is_gone_by_then(asker: User, second: User) -> None:
    proposal = proposed(asker)
    Import.objects.filter(pk=proposal.subject_id).update(resource_type="gone")

    with pytest.raises(NotAdmitted):
        approve(proposal=proposal, by=second)

    assert proposal in Proposal.objects.all()


def test_a_parent_that_is_gone_by_then(asker: User, second: User) -> None:
    parent = PriceListFactory.create(mode=Mode.LIVE)
    rows = [{"sku_code": code, "amount_cents": 1} for code in ("A", "B")]
    check = checked(rows, resource_type="prices", parent_resource_id=str(parent.pk))
    proposal = propose(kind=ProposalKind.IMPORT, subject=check, by=asker)
    parent.delete()

    with pytest.raises(NotAdmitted):
        approve(proposal=proposal, by=second)


def test_rows_that_are_pruned_by_then(asker: User, second: User) -> None:
    proposal = proposed(asker)
    ImportChunk.objects.all().delete()

    with pytest.raises(InputsPruned):
        approve(proposal=proposal, by=second)


def test_a_check_that_is_deleted_takes_along_what_waited(asker: User, second: User) -> None:
    proposal = proposed(asker)

    delete_import(import_=proposal.subject)

    with pytest.raises(DecidedAlready):
        approve(proposal=proposal, by=second)


def test_a_retry_or_undo_that_was_made_meanwhile_is_not_made_again(
    asker: User, second: User, settings: Settings
) -> None:
    failed, made = done([{"code": "A"}, {"code": "B"}]), done([{"code": "C", "name": "c"}])
    retry = propose(kind=ProposalKind.RETRY, subject=failed, by=asker)
    undo = propose(kind=ProposalKind.UNDO, subject=made, by=asker)
    settings.IMPORTS_APPROVAL = False
    retry_import(import_=failed)
    undo_import(import_=made)

    with pytest.raises(RetriedAlready):
        approve(proposal=retry, by=second)
    with pytest.raises(UndoneAlready):
        approve(proposal=undo, by=second)


def test_rows_that_were_checked_again_need_the_approval_again(asker: User, second: User) -> None:
    proposal = proposed(asker)
    SkuFactory.create(code="A", name="since", mode=Mode.LIVE)
    import_ = run_to_end(approve(proposal=proposal, by=second))
    assert import_.status == Status.INTERRUPTED

    again = run_to_end(check_again(check=proposal.subject, created_by=asker))

    with pytest.raises(ApprovalNeeded):
        import_checked(check=again, created_by=asker)
    with pytest.raises(ApprovalNeeded):
        import_checked(check=proposal.subject, created_by=asker, compare=False)


# Two at once.


def at_once(
    proposal: Proposal, works: list[Callable[[], Any]], order: tuple[int, int]
) -> list[Any]:
    return race(Proposal.objects.filter(pk=proposal.pk), works, order)


@both_ways
def test_only_one_of_two_simultaneous_approvers_makes_the_import(
    asker: User, second: User, order: tuple[int, int]
) -> None:
    third = user_with("third", "approve_import", "use_live_data")
    proposal = proposed(asker)

    found = at_once(
        proposal,
        [
            lambda: approve(proposal=proposal, by=second),
            lambda: approve(proposal=proposal, by=third),
        ],
        order,
    )

    [made] = Import.objects.filter(dry_run=False)
    assert made in found
    assert [type(each) for each in found if each != made] == [DecidedAlready]


@both_ways
def test_a_simultaneous_approval_and_refusal_have_one_winner(
    asker: User, second: User, order: tuple[int, int]
) -> None:
    third = user_with("third", "approve_import", "use_live_data")
    proposal = proposed(asker)

    approved, declined = at_once(
        proposal,
        [
            lambda: approve(proposal=proposal, by=second),
            lambda: decline(proposal=proposal, by=third, reason="no"),
        ],
        order,
    )

    was_made = isinstance(approved, Import)
    assert Import.objects.filter(dry_run=False).count() == was_made
    assert isinstance(declined if was_made else approved, DecidedAlready)


@both_ways
def test_asked_for_twice_at_once_it_waits_once(
    asker: User, second: User, order: tuple[int, int]
) -> None:
    check = checked()
    subject = Import.objects.filter(pk=check.pk)

    found = race(
        subject,
        [
            lambda: propose(kind=ProposalKind.IMPORT, subject=check, by=asker),
            lambda: propose(kind=ProposalKind.IMPORT, subject=check, by=second),
        ],
        order,
    )

    assert found == [*Proposal.objects.all()] * 2


@both_ways
def test_approved_and_its_check_deleted_at_once_neither_waits_for_the_other_without_end(
    asker: User, second: User, order: tuple[int, int]
) -> None:
    proposal = proposed(asker)

    approved, deleted = at_once(
        proposal,
        [
            lambda: approve(proposal=proposal, by=second),
            lambda: delete_import(import_=proposal.subject),
        ],
        order,
    )

    assert deleted is None
    assert isinstance(approved, Import | DecidedAlready)
    assert Import.objects.count() == isinstance(approved, Import)
