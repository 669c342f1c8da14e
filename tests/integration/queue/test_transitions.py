"""A move is one guarded UPDATE: it says whether it won, and the database refuses the rest."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.utils import timezone

from imports_app.models import Import
from imports_app.models.status import Move, Status
from imports_app.queue import transitions
from tests.factories.imports import ImportFactory

pytestmark = pytest.mark.django_db

PAST = timezone.now() - timedelta(hours=1)
ALL_DONE = {"processed_count": 2, "created_count": 2}
TRAITS = ("pending", "in_progress", "completed", "interrupted")


def an_import(status: str, **attributes: Any) -> Import:
    """One of that status; in progress, a worker holds it until long ago or for an hour."""
    trait = {} if status == "pending" else {status: True}
    import_: Import = ImportFactory.create(**trait, **attributes)
    return import_


def held() -> tuple[Import, Any]:
    import_ = an_import("pending")
    token = transitions.claim(import_.pk)
    assert token is not None
    return import_, token


def state(import_: Import) -> dict[str, Any]:
    return dict(Import.objects.filter(pk=import_.pk).values().get())


def test_a_claim_starts_a_pending_import_and_takes_its_lease() -> None:
    import_, token = held()

    import_.refresh_from_db()
    assert import_.status == Status.IN_PROGRESS
    assert import_.started_at is not None
    assert import_.lease_token == token
    assert import_.lease_expires_at is not None
    assert import_.lease_expires_at > timezone.now()


def test_a_held_import_cannot_be_claimed() -> None:
    import_, _ = held()
    before = state(import_)

    assert transitions.claim(import_.pk) is None
    assert state(import_) == before


def test_a_released_import_goes_on_under_another_token_as_of_its_first_start() -> None:
    import_, token = held()
    started = state(import_)["started_at"]
    assert transitions.release(import_.pk, token)

    other = transitions.claim(import_.pk)

    assert other not in {None, token}
    assert state(import_)["started_at"] == started


def test_an_expired_lease_is_taken_over_and_its_first_holder_can_do_nothing() -> None:
    import_, token = held()
    Import.objects.filter(pk=import_.pk).update(lease_expires_at=PAST)

    assert transitions.claim(import_.pk)

    before = state(import_)
    assert not transitions.move(import_.pk, token, Move.ADVANCE, {"errors_count": 1})
    assert not transitions.renew(import_.pk, token, {})
    assert not transitions.release(import_.pk, token)
    assert not transitions.move(import_.pk, token, Move.COMPLETE, ALL_DONE)
    assert not transitions.move(import_.pk, token, Move.INTERRUPT, {})
    assert state(import_) == before


def test_the_holder_of_an_expired_lease_goes_on_if_nobody_took_it() -> None:
    import_, token = held()
    Import.objects.filter(pk=import_.pk).update(lease_expires_at=PAST)

    assert transitions.move(import_.pk, token, Move.ADVANCE, {"errors_count": 1})
    assert state(import_)["lease_expires_at"] > timezone.now()


def test_renewing_changes_the_lease_alone() -> None:
    import_, token = held()
    Import.objects.filter(pk=import_.pk).update(lease_expires_at=PAST)
    before = state(import_)

    assert transitions.renew(import_.pk, token, {})

    after = state(import_)
    assert after["lease_expires_at"] > timezone.now()
    assert after | {"lease_expires_at": PAST} == before


@pytest.mark.parametrize(
    ("finish", "status", "stamp", "changes"),
    [
        (Move.COMPLETE, Status.COMPLETED, "completed_at", ALL_DONE),
        (Move.INTERRUPT, Status.INTERRUPTED, "interrupted_at", {"interruption": "why"}),
    ],
)
def test_an_end_writes_the_changes_and_gives_up_the_lease(
    finish: Move, status: str, stamp: str, changes: dict[str, Any]
) -> None:
    import_, token = held()

    assert transitions.move(import_.pk, token, finish, changes)

    after = state(import_)
    assert after["status"] == status
    assert after[stamp] is not None
    assert (after["lease_token"], after["lease_expires_at"]) == (None, None)
    assert changes.items() <= after.items()


@pytest.mark.parametrize("status", TRAITS)
def test_only_an_active_import_can_be_claimed(status: str) -> None:
    import_ = an_import(status)
    before = state(import_)

    won = transitions.claim(import_.pk)

    assert bool(won) == (status in {"pending", "in_progress"})
    assert (state(import_) == before) == (won is None)


@pytest.mark.parametrize("status", TRAITS)
def test_only_a_pending_import_is_interrupted_without_a_worker(status: str) -> None:
    import_ = an_import(status)
    before = state(import_)

    won = transitions.withdraw(import_.pk)

    assert won == (status == "pending")
    assert (state(import_) == before) == (not won)
    assert state(import_)["started_at"] == before["started_at"]


@pytest.mark.parametrize("status", TRAITS)
@pytest.mark.parametrize("finish", [Move.COMPLETE, Move.INTERRUPT])
def test_nobody_ends_an_import_that_it_does_not_hold(status: str, finish: Move) -> None:
    import_ = an_import(status)
    before = state(import_)

    assert not transitions.move(import_.pk, uuid4(), finish, ALL_DONE)
    assert state(import_) == before


def test_an_import_that_is_gone_moves_nowhere() -> None:
    assert transitions.claim(uuid4()) is None
    assert not transitions.withdraw(uuid4())
    assert not transitions.move(uuid4(), uuid4(), Move.ADVANCE, {})


@pytest.mark.parametrize(
    ("constraint", "status", "changes"),
    [
        ("import_mode_is_known", "pending", {"mode": "demo"}),
        # PostgreSQL names another constraint of those that it breaks.
        ("import_status_(is_known|has_its_timestamps)", "pending", {"status": "paused"}),
        ("import_has_inputs", "pending", {"inputs_size": 0}),
        ("import_counts_add_up", "in_progress", {"processed_count": 1}),
        ("import_counts_add_up", "in_progress", {"updated_count": 1}),
        ("import_counts_within_inputs", "in_progress", {"errors_count": 3}),
        (
            "import_completed_went_through_all",
            "completed",
            {"processed_count": 1, "created_count": 1},
        ),
        ("import_status_has_its_timestamps", "pending", {"started_at": PAST}),
        ("import_status_has_its_timestamps", "pending", {"interrupted_at": PAST}),
        ("import_status_has_its_timestamps", "in_progress", {"started_at": None}),
        ("import_status_has_its_timestamps", "in_progress", {"completed_at": PAST}),
        ("import_status_has_its_timestamps", "completed", {"completed_at": None}),
        ("import_status_has_its_timestamps", "completed", {"interrupted_at": PAST}),
        ("import_status_has_its_timestamps", "interrupted", {"interrupted_at": None}),
        ("import_status_has_its_timestamps", "interrupted", {"completed_at": PAST}),
        ("import_lease_only_in_progress", "in_progress", {"lease_token": uuid4()}),
        ("import_lease_only_in_progress", "in_progress", {"lease_expires_at": PAST}),
        (
            "import_lease_only_in_progress",
            "pending",
            {"lease_token": uuid4(), "lease_expires_at": PAST},
        ),
    ],
)
def test_the_database_refuses_what_cannot_be(
    constraint: str, status: str, changes: dict[str, Any]
) -> None:
    import_ = an_import(status)

    with pytest.raises(IntegrityError, match=constraint):
        Import.objects.filter(pk=import_.pk).update(**changes)


def test_a_position_is_given_once_a_mode() -> None:
    import_ = an_import("pending")

    with pytest.raises(IntegrityError):
        ImportFactory.create(position=import_.position, mode=import_.mode)
