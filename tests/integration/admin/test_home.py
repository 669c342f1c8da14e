from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from imports_app.admin.charts import Bars
from imports_app.admin.home import DAY, failures, now_context, rate
from imports_app.models import Heartbeat, Import, ImportBatch, Mode
from tests.factories.imports import ImportFactory
from tests.integration.admin.conftest import StaffWith

pytestmark = pytest.mark.django_db

HOME = reverse("admin:index")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def batch(import_: Import, first_row: int, rows: int, at: datetime) -> None:
    batch = ImportBatch.objects.create(
        bulk_import=import_, first_row=first_row, rows=rows, records=b"", kept=b""
    )
    ImportBatch.objects.filter(pk=batch.pk).update(created_at=at)


def test_home_shows_what_runs_and_waits(admin_client: Client) -> None:
    ImportFactory.create(in_progress=True, reference="spring", processed_count=1, created_count=1)
    ImportFactory.create_batch(2, mode=Mode.LIVE)

    page = admin_client.get(HOME).content.decode()

    assert "1 running, 2 waiting, 5 rows to go" in page
    assert "spring" in page
    assert "1 of 2" in page


def test_some_of_many_running_imports_are_named() -> None:
    ImportFactory.create_batch(10, in_progress=True)

    now = now_context()

    assert (len(now["glances"]), now["more"]) == (8, 2)


def test_home_takes_as_many_queries_for_many_imports_as_for_one(admin_client: Client) -> None:
    ImportFactory.create(in_progress=True)
    admin_client.get(HOME)
    with CaptureQueriesContext(connection) as few:
        admin_client.get(HOME)
    ImportFactory.create_batch(5, in_progress=True)

    with CaptureQueriesContext(connection) as many:
        admin_client.get(HOME)

    assert len(many) == len(few)
    assert '"metadata"' not in " ".join(query["sql"] for query in many)


def test_rows_are_counted_by_the_time_they_were_gone_through() -> None:
    import_ = ImportFactory.create()
    since = NOON - DAY
    batch(import_, 0, 100, since - timedelta(minutes=1))  # before the day
    batch(import_, 100, 40, since + timedelta(minutes=1))
    batch(import_, 140, 60, since + timedelta(minutes=9))
    batch(import_, 200, 30, NOON - timedelta(seconds=1))

    values = rate(since).values

    assert len(values) == 144
    assert [(n, value) for n, value in enumerate(values) if value] == [(0, 10), (143, 3)]


def test_failures_are_added_up_by_type_of_the_last_day() -> None:
    since = timezone.now() - DAY
    ImportFactory.create(processed_count=1, created_count=1, errors_count=1)
    ImportFactory.create(resource_type="tags", errors_count=2, mode=Mode.LIVE)
    ImportFactory.create(resource_type="tags", errors_count=2)
    ImportFactory.create(resource_type="prices", created_at=since - DAY, errors_count=2)
    ImportFactory.create(resource_type="customers", processed_count=2, created_count=2)

    assert failures(since) == [("tags", 4, 4, 100.0), ("skus", 2, 1, 25.0)]


def test_the_chart_says_in_words_what_it_shows() -> None:
    chart = Bars(NOON, timedelta(minutes=10), [0, 300, 0])

    assert chart.summary == "at most 300 at 12:10 UTC, 100 on average"
    assert [bar.title for bar in chart.bars()] == ["12:10 UTC: 300 rows per minute"]
    assert Bars(NOON, timedelta(minutes=10), [0, 0]).summary == "no rows in the last day"


def test_home_says_that_a_worker_was_not_seen(admin_client: Client) -> None:
    Heartbeat.objects.seen("beat")

    page = admin_client.get(HOME).content.decode()

    assert "<dt>worker</dt><dd>never seen</dd>" in page
    assert '<div class="good"><dt>beat</dt><dd>ok</dd></div>' in page


def test_staff_who_may_not_see_imports_have_the_menu_alone(staff_with: StaffWith) -> None:
    ImportFactory.create(in_progress=True, reference="spring")

    page = staff_with("view_apiclient").get(HOME).content.decode()

    assert "API clients" in page
    assert "Health" not in page
    assert "spring" not in page


def test_the_imports_come_before_all_other_pages(admin_client: Client) -> None:
    found = [app["app_label"] for app in admin_client.get(HOME).context["available_apps"]]

    assert found[:2] == ["imports_app", "imports_oauth"]
    assert found[2:] == sorted(found[2:])
    assert len(found) > 2


def test_home_shows_what_is_ones_own(admin_client: Client, admin_user: User) -> None:
    own: dict[str, Any] = {"caller": None, "created_by": admin_user, "mode": Mode.LIVE}
    ImportFactory.create(mode=Mode.LIVE)
    waiting = ImportFactory.create(**own, file={"name": "prices.xlsx"})
    bad = {"processed_count": 1, "created_count": 1, "errors_count": 1}
    mended = ImportFactory.create(**own, completed=True, **bad)
    ImportFactory.create(retry_of=mended)
    to_mend = ImportFactory.create(**own, completed=True, **bad)

    answer = admin_client.get(HOME)

    work = answer.context["work"]
    assert [(each.glance.import_, each.behind) for each in work.active] == [(waiting, 1)]
    assert [glance.import_ for glance in work.to_mend] == [to_mend]
    assert [glance.import_ for glance in work.recent] == [to_mend, mended]
    page = answer.content.decode()
    assert "waits behind 1 other" in page
    assert 'skus · prices.xlsx <span class="live-mark">LIVE</span>' in page


def test_an_import_is_to_be_mended_until_its_mended_rows_are_imported(
    admin_client: Client, admin_user: User
) -> None:
    bad = {"processed_count": 1, "created_count": 1, "errors_count": 1, "completed": True}
    own: dict[str, Any] = {"caller": None, "created_by": admin_user}
    first = ImportFactory.create(**own, **bad)

    def to_mend() -> list[Import]:
        work = admin_client.get(HOME).context["work"]
        return [glance.import_ for glance in work.to_mend]

    ImportFactory.create(**own, **bad, retry_of=first, is_check=True, dry_run=True)
    assert to_mend() == [first]
    ImportFactory.create(**own, retry_of=first)
    assert to_mend() == []


def test_a_check_and_its_import_are_one_entry(admin_client: Client, admin_user: User) -> None:
    own: dict[str, Any] = {"caller": None, "created_by": admin_user, "completed": True}
    check = ImportFactory.create(**own, dry_run=True)

    def recent() -> list[Import]:
        work = admin_client.get(HOME).context["work"]
        return [glance.import_ for glance in work.recent]

    assert recent() == [check]
    made = ImportFactory.create(**own, check_of=check)
    assert recent() == [made]
    address = reverse("admin:imports_app_import_check", args=[check.pk])
    assert address in admin_client.get(HOME).content.decode()


def test_home_says_nothing_of_the_work_of_others(admin_client: Client) -> None:
    ImportFactory.create(completed=True)

    assert "My work" not in admin_client.get(HOME).content.decode()
