import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from imports_app.api.request_metrics import readable
from imports_app.engine.running.run import run_slice
from imports_app.events.fan_out import pass_on
from imports_app.models import Import, Topic
from imports_app.queue import transitions
from imports_app.queue.scheduling import Lease
from imports_app.services import request_interrupt
from imports_app.storage.events import happened
from tests.factories.imports import ImportFactory
from tests.factories.webhooks import WebhookFactory
from tests.integration.api.caller import Caller
from tests.running import run_to_end

pytestmark = [pytest.mark.django_db, pytest.mark.once]

Labels = dict[str, str]


def scraped(client: Client, **headers: str) -> Any:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    return [
        sample
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    ]


def value(client: Client, name: str, **labels: str) -> float:
    """The sum of the samples that have these labels."""
    return sum(
        float(sample.value)
        for sample in scraped(client)
        if sample.name == name and sample.labels.items() >= labels.items()
    )


@pytest.mark.backend
def test_active_imports_are_counted_by_type_and_status(client: Client) -> None:
    for attributes in ({}, {"mode": "live"}, {"in_progress": True}, {"completed": True}):
        ImportFactory.create(**attributes)
    ImportFactory.create()

    def active(**labels: str) -> float:
        return value(client, "imports_active", resource_type="skus", **labels)

    assert active() == 4
    assert active(mode="test", status="pending") == 2
    assert active(mode="live", status="pending") == 1
    assert active(status="in_progress") == 1
    assert active(status="completed") == 0


@pytest.mark.backend
def test_the_oldest_pending_import_has_an_age(client: Client) -> None:
    assert value(client, "imports_oldest_pending_seconds") == 0
    ImportFactory.create(created_at=timezone.now() - timedelta(seconds=100))
    ImportFactory.create()
    ImportFactory.create(in_progress=True, created_at=timezone.now() - timedelta(days=1))

    assert 100 <= value(client, "imports_oldest_pending_seconds") < 160


@pytest.mark.django_db(transaction=True)
@pytest.mark.backend
def test_events_and_due_callbacks_are_counted(client: Client) -> None:
    before = value(client, "imports_events_total", topic="imports.create")
    WebhookFactory.create()
    happened(Topic.CREATE, ImportFactory.create())
    pass_on()

    assert value(client, "imports_events_total", topic="imports.create") == before + 1
    assert value(client, "imports_callbacks_due", mode="test") == 1


@pytest.mark.backend
def test_a_scrape_looks_at_nothing_that_is_done(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        scraped(client)

    assert len(queries) == 3
    for query in queries:
        assert "'pending'" in query["sql"]


@pytest.mark.backend
def test_rows_batches_and_final_imports_are_counted(client: Client) -> None:
    def outcomes() -> list[float]:
        rows = [
            value(client, "imports_rows_total", mode="live", resource_type="tags", outcome=outcome)
            for outcome in ("created", "unchanged", "errors")
        ]
        batches = value(client, "imports_batch_seconds_count", resource_type="tags")
        return [*rows, batches]

    def final(status: str) -> float:
        labels = {"mode": "live", "resource_type": "tags", "status": status}
        return value(client, "imports_finished_total", **labels)

    before, completed, interrupted = outcomes(), final("completed"), final("interrupted")
    rows = [{"name": "a"}, {"name": "a"}, {"name": None}]
    order: dict[str, Any] = {"resource_type": "tags", "mode": "live", "rows": rows}
    run_to_end(ImportFactory.create(skip_errors=True, **order))
    run_to_end(ImportFactory.create(dry_run=True, **order))
    request_interrupt(import_=ImportFactory.create(**order))

    grown = [after - earlier for after, earlier in zip(outcomes(), before, strict=True)]
    assert grown == [1, 1, 1, 1]
    assert final("completed") - completed == 1
    assert final("interrupted") - interrupted == 2


@pytest.mark.backend
def test_a_lost_lease_is_counted(client: Client) -> None:
    before = value(client, "imports_leases_lost_total")
    import_ = ImportFactory.create()
    token = transitions.claim(import_.pk)
    assert token is not None
    Import.objects.filter(pk=import_.pk).update(lease_token="6f1b0ff4-2f50-4e6e-8ab6-1c5e2a2c8f0d")

    assert not run_slice(Lease(import_.pk, token))

    assert value(client, "imports_leases_lost_total") - before == 1


def test_requests_are_counted_by_route(client: Client, caller: Caller) -> None:
    labels = {"method": "GET", "route": "/api/imports/{pk}", "status": "404"}
    before = value(client, "http_requests_total", **labels)
    for name in ("one", "two"):
        caller.get(f"/api/imports/{name}")

    assert value(client, "http_requests_total", **labels) - before == 2
    assert value(client, "http_request_seconds_count", route="/api/imports/{pk}") >= 2


def test_nobody_makes_series_by_names_of_his_own(client: Client) -> None:
    client.generic("HACK", "/nowhere-1")
    client.get("/nowhere-2/x")

    text = client.get("/metrics").content.decode()
    assert "HACK" not in text
    assert "nowhere" not in text.replace('route="/api/{resource_type}"', "")
    assert value(client, "http_requests_total", method="OTHER", status="404") >= 1


@pytest.mark.parametrize(
    ("route", "shown"),
    [
        ("healthz", "/healthz"),
        (r"^api/imports/?$", "/api/imports"),
        (r"^api/(?P<resource_type>[^/]+)/template\.csv/?$", "/api/{resource_type}/template.csv"),
        (
            r"^api/(?P<resource_type>[^/]+)/(?P<record_id>.+?)/?$",
            "/api/{resource_type}/{record_id}",
        ),
        (
            "admin/imports_app/import/<path:object_id>/change/",
            "/admin/imports_app/import/{object_id}/change/",
        ),
    ],
)
def test_a_route_is_shown_as_people_write_it(route: str, shown: str) -> None:
    assert readable(route) == shown


@pytest.mark.processes
def test_other_processes_are_counted_too_and_when_they_are_gone(client: Client) -> None:
    before = value(client, "imports_leases_lost_total", mode="live")
    code = (
        "import os, sys; os.environ['PROMETHEUS_MULTIPROC_DIR'] = sys.argv[1]\n"
        "from prometheus_client import Counter\n"
        "Counter('imports_leases_lost', 'x', ['mode']).labels('live').inc(3)"
    )
    folder = django_settings.IMPORTS_METRICS_DIR
    subprocess.run([sys.executable, "-c", code, folder], check=True)

    assert value(client, "imports_leases_lost_total", mode="live") - before == 3


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.7", {}, 403),
        ("", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 403),
        ("127.0.0.1", {"Forwarded": "for=10.0.0.7"}, 403),
        ("127.0.0.1", {"X-Forwarded-Proto": "https"}, 403),
        ("127.0.0.1", {"X-Forwarded-Host": "localhost"}, 403),
        ("127.0.0.1", {"X-Real-IP": "127.0.0.1"}, 403),
        ("127.0.0.1", {"Via": "1.1 proxy"}, 403),
    ],
)
def test_only_this_host_may_read_metrics_without_a_token(
    client: Client, address: str, headers: dict[str, str], status: int
) -> None:
    answer = client.get("/metrics", headers=headers, REMOTE_ADDR=address)

    assert answer.status_code == status
    assert (b"imports_database_up" in answer.content) == (status == 200)


def test_with_a_proxy_in_the_settings_nobody_may_read_without_a_token(
    client: Client, settings: Settings
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 403
    settings.IMPORTS_METRICS_TOKEN = "s3cret"
    assert client.get("/metrics", headers={"Authorization": "Bearer s3cret"}).status_code == 200


@pytest.mark.parametrize(
    ("shown", "status"),
    [("Bearer s3cret", 200), ("Bearer s3cre", 403), ("s3cret", 403), ("", 403), ("Bearer é", 403)],
)
def test_whoever_shows_the_token_may_read_metrics(
    client: Client, settings: Settings, shown: str, status: int
) -> None:
    settings.IMPORTS_METRICS_TOKEN = "s3cret"

    answer = client.get("/metrics", headers={"Authorization": shown}, REMOTE_ADDR="127.0.0.1")
    assert answer.status_code == status
    answer = client.get("/metrics", headers={"Authorization": shown}, REMOTE_ADDR="10.0.0.7")
    assert answer.status_code == status


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/metrics").status_code == 405
    assert client.get("/metrics")["Cache-Control"].endswith("private")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("database_away")
@pytest.mark.backend
def test_the_other_metrics_are_shown_when_the_database_is_down(client: Client) -> None:
    assert value(client, "imports_database_up") == 0
    assert value(client, "http_requests_total", route="/metrics") >= 1
