import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from imports_app.models import Heartbeat
from tests.factories.imports import ImportFactory
from tests.integration.management.running import run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def worker() -> None:
    for name in ("worker", "beat"):
        Heartbeat.objects.seen(name)


@pytest.mark.usefixtures("worker")
@pytest.mark.backend
def test_every_step_of_a_healthy_service_is_ok(capsys: Any) -> None:
    ended = run(capsys, "check_health")

    assert ended.code == 0
    assert ended.out.splitlines() == [
        "database: OK",
        "migrations: OK",
        "disk: OK",
        "broker: OK",
        "worker: OK",
        "beat: OK",
        "callbacks: OK",
        "oldest pending import: OK (none)",
    ]


def test_a_worker_that_is_not_there_is_trouble(capsys: Any) -> None:
    ended = run(capsys, "check_health")

    assert ended.code == 1
    assert "worker: FAILED: never seen" in ended.out
    assert "database: OK" in ended.out
    assert "Not healthy." in ended.err


@pytest.mark.usefixtures("worker")
@pytest.mark.backend
def test_an_import_that_waits_too_long_is_trouble(capsys: Any) -> None:
    ImportFactory.create(created_at=timezone.now() - timedelta(minutes=20))
    ImportFactory.create(completed=True, created_at=timezone.now() - timedelta(days=20))

    assert run(capsys, "check_health").code == 0
    ended = run(capsys, "check_health", "--max-wait", "10m")

    assert ended.code == 1
    assert "oldest pending import: FAILED: has been waiting too long (1,20" in ended.out


@pytest.mark.usefixtures("worker")
def test_json_is_one_object(capsys: Any) -> None:
    ImportFactory.create(created_at=timezone.now() - timedelta(minutes=20))

    found = json.loads(run(capsys, "check_health", "--json").out)

    assert found["healthy"] is True
    assert found["components"]["worker"] == "ok"
    assert 1200 <= found["oldest_pending_seconds"] < 1300


def test_wrong_usage_ends_with_2(capsys: Any) -> None:
    ended = run(capsys, "check_health", "--max-wait", "soon")

    assert ended.code == 2
    assert "'soon' is no duration" in ended.err
