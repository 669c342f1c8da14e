import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from imports_app.models import Event, Import, Topic
from imports_app.storage import events
from imports_app.storage.events import happened
from tests.factories.imports import ImportFactory
from tests.integration.management.running import run

pytestmark = pytest.mark.django_db(transaction=True)


def old(count: int) -> None:
    for _ in range(count):
        happened(Topic.CREATE, ImportFactory.create())
    Event.objects.update(created_at=timezone.now() - timedelta(days=91))


def numbers(capsys: Any, *options: str) -> Any:
    ended = run(capsys, "prune_events", "--older-than", "90d", "--json", *options)
    assert ended.code == 0
    return json.loads(ended.out)


def test_old_events_go_some_at_a_time(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "EVENTS_A_TRANSACTION", 2)
    old(5)
    happened(Topic.CREATE, ImportFactory.create())

    assert numbers(capsys) == {"dry_run": False, "events": 5}

    assert Event.objects.count() == 1
    assert Import.objects.count() == 6


def test_a_dry_run_says_how_many_would_go(capsys: Any) -> None:
    old(2)

    assert numbers(capsys, "--dry-run") == {"dry_run": True, "events": 2}

    assert Event.objects.count() == 2
    assert run(capsys, "prune_events", "--older-than", "90d").out == "Pruned 2 events.\n"
