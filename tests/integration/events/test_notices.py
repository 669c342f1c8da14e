"""Mails to those of the staff whose imports are over."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core import mail
from django.db import transaction
from django.utils import timezone
from prometheus_client import REGISTRY
from pytest_django import Settings

from imports_app.events import notices
from imports_app.events.notices import send_notices
from imports_app.models import Import, Notice, Proposal, ProposalKind
from imports_app.models.status import Status
from imports_app.services import ImportOrder, create_import, delete_import, request_interrupt
from imports_app.services.proposing import approve, decline, propose
from tests.locks import PATIENCE
from tests.mail_server import MailServer, dripping, mail_server
from tests.running import run_to_end

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = [b'{"code": "A", "name": "a"}', b'{"code": "B"}']


@pytest.fixture(autouse=True)
def configured(settings: Settings) -> None:
    settings.IMPORTS_MAIL_FROM = "imports@example.com"
    settings.IMPORTS_SITE_URL = "https://imports.example.com/"
    notices.mail_server.answered()


@pytest.fixture
def staff() -> User:
    return User.objects.create_superuser("ada", "ada@example.com")


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with mail_server() as server:
        use(settings, server.port)
        yield server


def use(settings: Settings, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port


def import_by(user: User | None, **attributes: Any) -> Import:
    attributes = {"rows": ROWS, "resource_type": "skus", "skip_errors": True, **attributes}
    return create_import(order=ImportOrder(**attributes), mode="test", created_by=user)


def await_late() -> None:
    """Until no thread is left that talks to a mail server."""
    for thread in notices._late:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_the_maker_of_an_import_is_told_once_that_it_is_completed(staff: User) -> None:
    import_ = run_to_end(import_by(staff, file={"name": "mugs.csv"}))

    send_notices()
    send_notices()

    [sent] = mail.outbox
    assert (sent.from_email, sent.to) == ("imports@example.com", ["ada@example.com"])
    assert sent.subject == "The import of mugs.csv is completed, with 1 failed row"
    assert "Rows gone through: 2 of 2" in sent.body
    assert "Created: 1" in sent.body
    assert "Failed: 1" in sent.body
    link = f"https://imports.example.com/admin/imports_app/import/{import_.pk}/change/"
    assert f"Its page: {link}" in sent.body


def test_a_mail_about_an_interruption_has_its_reason(staff: User) -> None:
    import_ = run_to_end(import_by(staff, skip_errors=False))
    assert import_.status == Status.INTERRUPTED

    send_notices()

    [sent] = mail.outbox
    assert sent.subject == "The import of skus was interrupted"
    assert "Why: too many rows failed." in sent.body


def test_the_maker_of_an_import_that_can_not_go_on_is_told(staff: User) -> None:
    Import.objects.filter(pk=import_by(staff).pk).update(resource_type="gone")

    import_ = run_to_end(Import.objects.get())
    send_notices()

    assert import_.interruption
    assert f"Why: {import_.interruption}." in mail.outbox[0].body


def test_the_maker_of_an_import_that_never_began_is_told(staff: User) -> None:
    request_interrupt(import_=import_by(staff))

    send_notices()

    [sent] = mail.outbox
    assert sent.subject == "The import of skus was interrupted"
    assert "Why: somebody stopped it." in sent.body


def test_no_mail_is_sent_before_the_end_is_committed(staff: User) -> None:
    import_ = import_by(staff)
    with transaction.atomic():
        request_interrupt(import_=import_)
        transaction.set_rollback(True)

    send_notices()

    assert not mail.outbox


def test_nobody_is_told_of_dry_runs_or_of_clients_imports(staff: User) -> None:
    run_to_end(import_by(staff, dry_run=True))
    run_to_end(import_by(None))

    assert not Notice.objects.exists()


def test_without_a_sender_nothing_is_noted(staff: User, settings: Settings) -> None:
    settings.IMPORTS_MAIL_FROM = ""

    run_to_end(import_by(staff))

    assert not Notice.objects.exists()


@pytest.mark.parametrize("lack", [{"email": ""}, {"is_staff": False}, {"is_active": False}])
def test_users_without_an_address_and_those_who_left_get_none(
    staff: User, lack: dict[str, Any]
) -> None:
    run_to_end(import_by(staff))
    User.objects.update(**lack)

    send_notices()

    assert not mail.outbox
    assert not Notice.objects.exists()


def test_a_user_who_is_deleted_gets_none(staff: User) -> None:
    run_to_end(import_by(staff))
    staff.delete()

    send_notices()

    assert not mail.outbox


def test_an_import_that_is_deleted_takes_its_notice_along(staff: User) -> None:
    delete_import(import_=run_to_end(import_by(staff)))

    assert not Notice.objects.exists()


@pytest.mark.parametrize("name", ["a\r\nBcc: eve@example.com\r\n", "é" * 300, "\x01\t"])
def test_a_hostile_file_name_is_a_part_of_the_subject(
    staff: User, server: MailServer, name: str
) -> None:
    run_to_end(import_by(staff, reference="r", file={"name": name}))

    send_notices()

    [received] = server.received
    assert "Subject:" in received
    assert "\nBcc:" not in received


def test_without_the_site_there_is_no_link(staff: User, settings: Settings) -> None:
    settings.IMPORTS_SITE_URL = ""
    run_to_end(import_by(staff))

    send_notices()

    assert "Its page" not in mail.outbox[0].body


def test_a_mail_server_gets_it_and_a_refused_address_holds_up_nobody(
    staff: User, server: MailServer
) -> None:
    nobody = User.objects.create_superuser("no", "nobody@example.com")
    for user in (nobody, staff):
        run_to_end(import_by(user))

    send_notices()
    send_notices()

    [received] = server.received
    assert "To: ada@example.com" in received
    assert "Auto-Submitted: auto-generated" in received
    assert not Notice.objects.exists()


def test_while_the_mail_server_is_away_the_notice_waits(staff: User, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        use(settings, closed.getsockname()[1])
    run_to_end(import_by(staff))

    send_notices()

    assert Notice.objects.count() == 1
    with mail_server() as server:
        use(settings, server.port)
        send_notices()  # too early: it is left alone for a minute
        assert not server.received
        notices.mail_server.answered()
        send_notices()
        assert len(server.received) == 1


def test_a_mail_server_that_says_nothing_or_drips_holds_nobody(
    staff: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "SECONDS", 0.2)
    run_to_end(import_by(staff))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        use(settings, silent.getsockname()[1])
        send_notices()
    await_late()  # while it waits, nobody else is called
    notices.mail_server.answered()
    with dripping() as port:
        use(settings, port)
        send_notices()

        assert Notice.objects.count() == 1
        assert any(thread.is_alive() for thread in notices._late)
        notices.mail_server.answered()
        send_notices()  # there is one thread that waits, and no second
        assert len(notices._late) == 1
    await_late()


def test_nobody_is_told_of_an_import_that_ended_a_day_ago(staff: User) -> None:
    run_to_end(import_by(staff))
    Notice.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))

    send_notices()

    assert not mail.outbox
    assert not Notice.objects.exists()


def test_a_sender_that_has_to_stop_leaves_the_rest(staff: User) -> None:
    run_to_end(import_by(staff))

    send_notices(lambda: True)

    assert Notice.objects.count() == 1


# What waits for approval.


def proposed(asker: User) -> Proposal:
    check = run_to_end(import_by(asker, dry_run=True, file={"name": "mugs.csv"}))
    return propose(kind=ProposalKind.IMPORT, subject=check, by=asker)


def approver(name: str, address: str, *codenames: str) -> User:
    user = User.objects.create_user(name, address, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def test_all_approvers_are_asked_once_in_one_mail(staff: User) -> None:
    approver("ben", "ben@example.com", "approve_import", "use_live_data")
    group = Group.objects.create(name="approvers")
    group.permissions.set(
        Permission.objects.filter(codename__in=("approve_import", "use_live_data"))
    )
    approver("cleo", "cleo@example.com").groups.add(group)
    approver("not", "not@example.com", "run_import", "use_live_data")
    approver("test only", "test@example.com", "approve_import")
    approver("mute", "", "approve_import", "use_live_data")
    User.objects.filter(pk=approver("left", "left@example.com", "approve_import").pk).update(
        is_active=False, is_superuser=True
    )
    proposal = proposed(staff)

    send_notices()
    send_notices()

    [sent] = mail.outbox
    assert sent.to == ["ben@example.com", "cleo@example.com"]
    assert sent.subject == "The import of mugs.csv waits for approval"
    assert "ada asks for approval: the import of mugs.csv." in sent.body
    assert "Rows: 2" in sent.body
    address = f"https://imports.example.com/admin/imports_app/import/approvals/{proposal.pk}/"
    assert f"Look at it, approve or decline: {address}" in sent.body


def test_nobody_is_asked_about_a_proposal_that_is_decided_on(staff: User) -> None:
    second = User.objects.create_superuser("ben", "ben@example.com")
    decline(proposal=proposed(staff), by=second, reason="no")
    approve(proposal=proposed(staff), by=second)

    send_notices()

    assert not mail.outbox


def test_nor_what_has_waited_for_too_long_or_without_a_sender(
    staff: User, settings: Settings
) -> None:
    User.objects.create_superuser("ben", "ben@example.com")
    old = timezone.now() - timedelta(days=2)
    Proposal.objects.filter(pk=proposed(staff).pk).update(created_at=old)
    send_notices()
    settings.IMPORTS_MAIL_FROM = ""
    proposed(staff)
    settings.IMPORTS_MAIL_FROM = "imports@example.com"

    send_notices()

    assert not mail.outbox


def test_mails_are_counted_by_what_became_of_them(
    staff: User, server: MailServer, settings: Settings
) -> None:
    nobody = User.objects.create_superuser("no", "nobody@example.com")
    before = {each: mails(*each) for each in (("end", "sent"), ("end", "refused"))}
    asked = mails("approval", "sent")
    for user in (nobody, staff):
        run_to_end(import_by(user))
    proposed(nobody)

    send_notices()
    send_notices()

    assert {each: mails(*each) for each in before} == {each: n + 1 for each, n in before.items()}
    assert mails("approval", "sent") == asked + 1


def test_a_mail_that_the_server_broke_off_is_counted_as_failed(server: MailServer) -> None:
    run_to_end(import_by(User.objects.create_superuser("gone", "gone@example.com")))
    before = mails("end", "failed")

    send_notices()

    assert mails("end", "failed") == before + 1


def mails(kind: str, outcome: str) -> float:
    return REGISTRY.get_sample_value("imports_mails_total", locals()) or 0
