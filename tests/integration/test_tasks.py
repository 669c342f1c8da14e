"""What a worker does when it is rung for."""

import pytest
from celery import current_app
from django.contrib.auth.models import User
from django.core import mail
from django.test import override_settings
from pytest_django import Settings

from imports_app.models import Import
from imports_app.models.status import Status
from imports_app.queue import bell
from imports_app.services import request_interrupt
from imports_app.tasks import advance, send, sweep
from tests.integration.reliability.workers import create

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The messages sent from here on; no worker is there to take them."""
    sent: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **_: sent.append(name))
    return sent


def small_imports(count: int) -> None:
    for number in range(count):
        create("skus", [{"code": str(number), "name": "a"}])


def test_one_ring_carries_out_all_small_imports_that_fit_a_slice(rings: list[str]) -> None:
    small_imports(5)
    rings.clear()

    advance()

    assert Import.objects.filter(status=Status.COMPLETED).count() == 5
    assert rings == []


def test_a_worker_that_goes_on_rings_for_what_it_set_free(rings: list[str]) -> None:
    small_imports(1)
    create("tax_calculators", [{"name": "a"}])
    create("customers", [{"email": "ada@example.com"}])
    rings.clear()

    advance()

    assert Import.objects.filter(status=Status.COMPLETED).count() == 3
    assert rings == [bell.ADVANCE]  # two were left behind the first: one for this worker


def test_a_worker_whose_slice_is_over_rings_for_what_is_left(rings: list[str]) -> None:
    small_imports(3)
    rings.clear()

    with override_settings(IMPORTS_SLICE_SECONDS=0):
        advance()

    assert Import.objects.filter(status=Status.COMPLETED).count() == 1
    assert rings == [bell.ADVANCE]


def test_an_end_that_somebody_is_told_of_rings_for_the_sender(
    rings: list[str], admin_user: User, settings: Settings
) -> None:
    settings.IMPORTS_MAIL_FROM = "imports@example.com"
    import_ = create("skus", [{"code": "A", "name": "a"}])
    Import.objects.update(created_by=admin_user)
    rings.clear()

    request_interrupt(import_=import_)
    assert rings == [bell.SEND]
    sweep()  # the ring may have been lost
    assert rings == [bell.SEND, bell.SEND]
    send()
    assert len(mail.outbox) == 1
    sweep()
    assert rings == [bell.SEND, bell.SEND]
