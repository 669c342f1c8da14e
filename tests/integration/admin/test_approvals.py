"""The pages on which a second person approves what others ask for."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from imports_app.admin import import_actions
from imports_app.models import Import, ImportDraft, Mode, Proposal, ProposalKind
from imports_app.models.status import Status
from imports_app.services import proposing
from imports_app.services.proposing import decline
from tests.factories.commerce import SkuFactory
from tests.integration import approving
from tests.integration.admin.pages import errors, send, url
from tests.integration.approving import APPROVER, STAFF, done, user_with
from tests.running import run_to_end

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

LIST = reverse("admin:imports_app_import_approvals")
HOME = reverse("admin:index")
ROWS = [{"code": "A", "name": "a"}, {"code": "B", "name": "b"}]


@pytest.fixture(autouse=True)
def configured(settings: Settings) -> None:
    settings.IMPORTS_APPROVAL = True
    settings.IMPORTS_APPROVAL_ROWS = 1


def browser_of(name: str, *codenames: str) -> Client:
    client = Client()
    client.force_login(user_with(name, *codenames))
    return client


@pytest.fixture
def asker() -> Client:
    return browser_of("asker", *STAFF)


@pytest.fixture
def second() -> Client:
    return browser_of("second", *APPROVER)


def checked(rows: Any = ROWS, **attributes: Any) -> Import:
    return approving.checked(rows, **{"reference": "mugs", **attributes})


def page_of(proposal: Proposal) -> str:
    return reverse("admin:imports_app_import_approval", args=[proposal.pk])


def propose(asker: Client, **attributes: Any) -> Proposal:
    answer = asker.post(url("check", checked(**attributes)), follow=False)
    proposal = Proposal.objects.latest("created_at")
    assert answer.headers["Location"] == page_of(proposal)
    return proposal


def shown(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def proposed_import() -> Import:
    return Import.objects.get(dry_run=False)


def test_the_check_asks_and_then_says_that_it_waits(asker: Client) -> None:
    check = checked()
    before = shown(asker, url("check", check))
    assert "Ask for approval: Import 2 rows" in before
    assert "It needs the approval of a second person." in before

    answer = asker.post(url("check", check), follow=True)

    assert "nothing happens until somebody approves" in answer.content.decode()
    assert "Withdraw" in answer.content.decode()
    after = shown(asker, url("check", check))
    assert "waits for the approval of a second person" in after
    assert "Ask for approval" not in after
    assert [*Import.objects.all()] == [check]
    assert "Asked for approval to import it." in LogEntry.objects.latest("pk").change_message


@pytest.mark.backend
def test_asked_twice_it_waits_once(asker: Client) -> None:
    proposal = propose(asker)

    answer = asker.post(url("check", proposal.subject))

    assert answer.headers["Location"] == page_of(proposal)
    assert Proposal.objects.count() == 1


def test_within_the_limits_the_check_imports_at_once(asker: Client) -> None:
    check = checked(ROWS[:1])
    assert "Ask for approval" not in shown(asker, url("check", check))

    asker.post(url("check", check))

    assert proposed_import().check_of == check


@pytest.mark.backend
def test_a_second_person_sees_what_would_happen_and_approves(asker: Client, second: Client) -> None:
    SkuFactory.create(code="Z", mode=Mode.LIVE)
    check = checked(cleanup_records=True)
    asker.post(url("check", check), {"confirm": "1"})
    proposal = Proposal.objects.get()
    listed = shown(second, LIST)
    assert page_of(proposal) in listed
    assert "asked for by asker" in listed
    assert "destroys records" in listed
    page = shown(second, page_of(proposal))
    assert url("change", check) in page
    assert "1 record" in page
    assert 'value="approve"' in page

    answer = second.post(page_of(proposal), {"action": "approve"}, follow=True)

    import_ = run_to_end(proposed_import())
    assert (import_.created_by, import_.approved_by) == (
        User.objects.get(username="asker"),
        User.objects.get(username="second"),
    )
    assert import_.destroyed_count == 1
    assert "Approved; the import will begin" in answer.content.decode()
    assert "approved by" in shown(second, url("change", import_)).lower()
    assert "Approved what asker asked for" in LogEntry.objects.latest("pk").change_message
    assert url("change", import_) in shown(asker, url("check", check))


def test_destruction_has_to_be_read_before_it_is_asked_for(asker: Client) -> None:
    SkuFactory.create(code="Z", mode=Mode.LIVE)

    answer = asker.post(url("check", checked(cleanup_records=True)), follow=True)

    assert "Type 1 to have 1 record destroyed." in answer.content.decode()
    assert not Proposal.objects.exists()


def test_the_asker_can_not_approve(asker: Client) -> None:
    user = User.objects.get(username="asker")
    user.user_permissions.add(Permission.objects.get(codename="approve_import"))
    proposal = propose(asker)
    assert 'value="approve"' not in shown(asker, page_of(proposal))

    answer = asker.post(page_of(proposal), {"action": "approve"}, follow=True)

    assert "a second person has to approve it" in answer.content.decode()
    assert Proposal.objects.count() == 1
    assert page_of(proposal) not in shown(asker, LIST).split("What you asked for")[0]


def test_nobody_decides_without_the_permission(asker: Client) -> None:
    proposal = propose(asker)
    other = browser_of("other", "view_import", "use_live_data", "run_import")
    assert 'value="approve"' not in shown(other, page_of(proposal))
    assert "You have no permission to approve imports." in shown(other, LIST)

    for action in ("approve", "decline", "withdraw"):
        answer = other.post(page_of(proposal), {"action": action, "reason": "no"}, follow=True)
        assert answer.status_code == 200

    assert Proposal.objects.get().is_waiting
    assert not Import.objects.filter(dry_run=False).exists()


def test_staff_who_may_not_see_imports_see_no_approvals(asker: Client) -> None:
    proposal = propose(asker)
    other = browser_of("other", "view_apiclient")

    assert other.get(LIST).status_code == 403
    assert other.get(page_of(proposal)).status_code == 403


@pytest.mark.backend
def test_a_proposal_is_declined_with_a_reason_that_its_asker_sees(
    asker: Client, second: Client
) -> None:
    proposal = propose(asker)

    refused = second.post(page_of(proposal), {"action": "decline", "reason": " "})
    assert "Give a reason" in refused.content.decode()
    second.post(page_of(proposal), {"action": "decline", "reason": "wrong <prices>"})

    for address in (page_of(proposal), LIST, HOME, url("check", proposal.subject)):
        told = shown(asker, address)
        assert "declined by second" in told.lower()
        assert "wrong &lt;prices&gt;" in told
    assert "Ask for approval: Import 2 rows" in shown(asker, url("check", proposal.subject))

    asker.post(page_of(proposal), {"action": "withdraw"})
    assert not Proposal.objects.exists()


@pytest.mark.backend
def test_a_proposal_that_was_decided_on_meanwhile_says_so(asker: Client, second: Client) -> None:
    proposal = propose(asker)
    decline(proposal=proposal, by=User.objects.get(username="second"), reason="too many")

    answer = second.post(page_of(proposal), {"action": "approve"}, follow=True)

    assert "It was decided on already" in answer.content.decode()


def test_the_page_of_a_proposal_that_is_gone_says_so(asker: Client, second: Client) -> None:
    proposal = propose(asker)
    asker.post(page_of(proposal), {"action": "withdraw"})

    assert second.get(page_of(proposal)).status_code == 404


def test_why_it_can_not_be_made_any_more_is_a_message(asker: Client, second: Client) -> None:
    proposal = propose(asker)
    User.objects.get(username="asker").user_permissions.clear()

    answer = second.post(page_of(proposal), {"action": "approve"}, follow=True)

    assert "asker, who asked for it, lacks" in answer.content.decode()
    assert Proposal.objects.get() == proposal


@pytest.mark.backend
def test_the_page_of_an_import_that_is_deleted_while_staff_ask_says_so(
    asker: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(*, subject: Import, **asked: Any) -> Proposal:
        Import.objects.filter(pk=subject.pk).delete()
        return proposing.propose(subject=subject, **asked)

    monkeypatch.setattr(import_actions, "propose", too_late)

    answer = asker.post(url("check", checked()))

    assert answer.status_code == 404
    assert import_actions.GONE in answer.content.decode()


@pytest.mark.backend
def test_a_retry_becomes_a_proposal(asker: Client, second: Client) -> None:
    failed = done([{"code": "A"}, {"code": "B"}])
    assert "Ask for approval" in shown(asker, url("retry", failed))

    asker.post(url("retry", failed))

    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.subject) == (ProposalKind.RETRY, failed)
    assert "waits for approval" in shown(asker, url("change", failed))
    second.post(page_of(proposal), {"action": "approve"})
    assert failed.retries.get().inputs_size == 2


@pytest.mark.backend
def test_an_undo_becomes_a_proposal_after_its_dry_run(asker: Client, second: Client) -> None:
    import_ = done(ROWS)
    asker.post(url("undo", import_))
    look = run_to_end(Import.objects.get(is_undo=True))
    assert "Ask for approval: Undo and destroy 2 records" in shown(asker, url("check", look))

    asker.post(url("check", look), {"confirm": "2"})

    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.subject, proposal.destroys) == (ProposalKind.UNDO, look, True)
    second.post(page_of(proposal), {"action": "approve"})
    assert import_.undos.get(dry_run=False).approved_by is not None
    assert "It was undone" in shown(asker, url("check", look))


@pytest.mark.parametrize("action", ["check", "import"])
@pytest.mark.backend
def test_mended_rows_become_a_proposal_after_their_check(
    asker: Client, second: Client, action: str
) -> None:
    failed = done([{"code": "A", "weight": "x"}, {"code": "B", "weight": "x"}])
    cells = {
        f"cell:{row}:{name}": value
        for row in (0, 1)
        for name, value in (("name", "a"), ("weight", "1"))
    }
    asker.post(url("mend", failed), {"rows": "0,1", **cells, "action": action})
    check = run_to_end(Import.objects.get(is_check=True))
    assert (check.dry_run, check.errors_count) == (True, 0)

    asker.post(url("check", check))

    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.subject) == (ProposalKind.RETRY, check)
    second.post(page_of(proposal), {"action": "approve"})
    retry = run_to_end(failed.retries.get(is_check=False))
    assert retry.created_count == 2
    assert not ImportDraft.objects.exists()
    assert url("change", retry) in shown(asker, url("check", check))


def test_an_import_without_a_check_is_asked_for_and_checked_meanwhile(
    asker: Client, second: Client
) -> None:
    answer = send(asker, mode="live", dry_run=None)

    proposal = Proposal.objects.get()
    check = Import.objects.get()
    assert answer.headers["Location"] == page_of(proposal)
    assert (proposal.kind, proposal.subject, check.dry_run) == (ProposalKind.IMPORT, check, True)
    page = shown(second, page_of(proposal))
    assert "can be approved once its check is over" in page
    assert 'value="approve"' not in page
    assert 'value="decline"' in page
    second.post(page_of(proposal), {"action": "approve"})
    assert Proposal.objects.exists()

    run_to_end(check)
    assert 'value="approve"' in shown(second, page_of(proposal))
    second.post(page_of(proposal), {"action": "approve"})

    import_ = run_to_end(proposed_import())
    assert (import_.check_of, str(import_.created_by)) == (check, "asker")
    assert import_.created_count == 2
    assert not ImportDraft.objects.exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="elsewhere a check may be of any length")
def test_an_import_without_a_check_of_what_is_too_long_to_be_checked_says_so(
    asker: Client, settings: Settings
) -> None:
    settings.IMPORTS_SQLITE_WHOLE_ROWS = 1

    answer = send(asker, mode="live", dry_run=None)

    needs_approval, too_long = errors(answer)["dry_run"]
    assert "needs the approval of a second person" in needs_approval
    assert "SQLite" in too_long
    assert not Import.objects.exists()


def test_an_import_without_a_check_that_needs_no_approval_begins_at_once(asker: Client) -> None:
    assert send(asker, mode="test", dry_run=None).status_code == 302

    assert not proposed_import().dry_run
    assert not Proposal.objects.exists()


def test_the_first_page_says_what_waits_for_whom(asker: Client, second: Client) -> None:
    proposal = propose(asker)

    assert "For you to approve" in shown(second, HOME)
    assert page_of(proposal) in shown(second, HOME)
    assert "You asked for approval" in shown(asker, HOME)
    assert "For you to approve" not in shown(asker, HOME)


def test_the_list_of_imports_links_to_proposals_if_approval_is_needed(
    second: Client, settings: Settings
) -> None:
    imports = reverse("admin:imports_app_import_changelist")
    assert LIST in shown(second, imports)
    settings.IMPORTS_APPROVAL = False

    assert LIST not in shown(second, imports)


@pytest.mark.backend
def test_going_on_after_an_outdated_check_needs_approval_again(
    asker: Client, second: Client
) -> None:
    proposal = propose(asker)
    SkuFactory.create(code="A", name="since", mode=Mode.LIVE)
    second.post(page_of(proposal), {"action": "approve"})
    assert run_to_end(proposed_import()).status == Status.INTERRUPTED

    asker.post(url("check", proposal.subject), {"without_comparison": "1"})

    again = Proposal.objects.get()
    assert not again.compares
    assert "without the comparison" in shown(second, page_of(again))
    second.post(page_of(again), {"action": "approve"})
    last = Import.objects.filter(dry_run=False).latest("created_at")
    assert run_to_end(last).status == Status.COMPLETED
