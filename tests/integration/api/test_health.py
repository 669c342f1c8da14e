import socket
from datetime import timedelta

import pytest
from celery import current_app
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from imports_app.events.fan_out import pass_on
from imports_app.models import EventCallback, Heartbeat, Topic
from imports_app.storage.events import happened
from imports_app.tasks import sweep
from tests.factories.imports import ImportFactory
from tests.factories.webhooks import WebhookFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Heartbeat:
    Heartbeat.objects.seen("beat")
    return Heartbeat.objects.create(name="worker", seen_at=timezone.now())


def test_healthz_asks_nothing_but_the_process(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


@pytest.mark.usefixtures("worker")
def test_the_service_is_ready_with_all_components(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "components": dict.fromkeys(
            ["database", "migrations", "disk", "broker", "worker", "beat", "callbacks"], "ok"
        ),
    }
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.usefixtures("worker")
def test_callbacks_that_pile_up_are_shown_and_keep_the_service_ready(client: Client) -> None:
    WebhookFactory.create()
    happened(Topic.CREATE, ImportFactory.create())
    pass_on()
    EventCallback.objects.update(due_at=timezone.now() - timedelta(minutes=2))

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["status"] == "ready"
    assert answer.json()["components"]["callbacks"].startswith("1 are due, the oldest since 20")


def test_the_service_is_not_ready_without_a_worker(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["status"] == "not ready"
    assert answer.json()["components"]["worker"] == "never seen"


def test_a_worker_that_was_seen_long_ago_counts_as_gone(client: Client, worker: Heartbeat) -> None:
    worker.seen_at = timezone.now() - timedelta(minutes=5)
    worker.save()

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["components"]["worker"].startswith("last seen 20")


@pytest.mark.usefixtures("worker")
def test_a_beat_that_died_shows_though_the_worker_lives(client: Client) -> None:
    long_ago = timezone.now() - timedelta(minutes=5)
    Heartbeat.objects.filter(name="beat").update(seen_at=long_ago)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["components"]["worker"] == "ok"
    assert answer.json()["components"]["beat"].startswith("last seen 20")


@pytest.mark.usefixtures("worker")
def test_a_sweep_that_another_sent_is_no_sign_of_beat(client: Client) -> None:
    long_ago = timezone.now() - timedelta(minutes=5)
    Heartbeat.objects.filter(name="beat").update(seen_at=long_ago)

    sweep()
    assert client.get("/readyz").json()["components"]["beat"].startswith("last seen 20")

    sweep(beat=True)
    assert client.get("/readyz").json()["components"]["beat"] == "ok"


@pytest.mark.usefixtures("worker")
def test_a_worker_may_be_silent_for_as_long_as_a_slice_takes(
    client: Client, settings: Settings
) -> None:
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
    settings.IMPORTS_SLICE_SECONDS = 600

    assert client.get("/readyz").status_code == 200


@pytest.mark.usefixtures("worker")
def test_a_broker_that_is_down_is_named_without_its_error(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setattr(current_app.conf, "broker_write_url", f"redis://127.0.0.1:{port}/0")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["components"]["broker"] == "not reachable"
    assert str(port) not in answer.text


@pytest.mark.usefixtures("worker")
def test_a_migration_that_is_not_applied_is_counted(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'imports_app'")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["components"]["migrations"].endswith("not applied")


@pytest.mark.usefixtures("worker")
def test_only_reading_is_allowed(client: Client) -> None:
    assert client.head("/readyz").status_code == 200
    assert client.post("/readyz").status_code == 405
