"""Hosts whose clocks differ from the database's."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from imports_app.commerce.models import Tag
from imports_app.engine.writers import WRITERS, Writer, clock
from imports_app.engine.writers.clock import TOLD
from imports_app.registry import importers
from tests.factories.imports import ImportFactory
from tests.running import run_import

HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _writer(writer_class: type[Writer], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WRITERS, connection.vendor, writer_class)
    monkeypatch.setattr(clock, "_ahead", timedelta())  # what a test learns ends with it


@pytest.fixture(params=[-HOUR, HOUR], ids=["slow", "fast"])
def _shifted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    right = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: right() + request.param)


@pytest.mark.usefixtures("_shifted")
def test_records_have_the_time_of_the_database_whatever_the_host_takes_it_for() -> None:
    before = datetime.now(UTC)
    run_import(importers.get("tags"), [{"name": "first"}])
    run_import(importers.get("tags"), [{"name": "first", "reference": "r"}, {"name": "second"}])
    after = datetime.now(UTC)

    first, second = Tag.objects.order_by("name")

    times = [first.created_at, first.updated_at, second.created_at, second.updated_at]
    assert [time for time in times if not before - TOLD <= time <= after + TOLD] == []


def test_an_answer_that_comes_late_makes_no_clock_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    import_ = ImportFactory.create()
    right = timezone.now

    def late(execute: Any, *asked: Any) -> Any:
        told = execute(*asked)
        monkeypatch.setattr(timezone, "now", lambda: right() + HOUR)
        return told

    with connection.execute_wrapper(late):
        clock.load_and_set_clock(import_.pk)

    assert clock._ahead == timedelta()


def test_records_of_a_host_that_is_slow_come_after_those_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = timezone.now
    run_import(importers.get("tags"), [{"name": "first"}])
    monkeypatch.setattr(timezone, "now", lambda: right() - HOUR)
    run_import(importers.get("tags"), [{"name": "second"}])

    in_order = Tag.objects.order_by("created_at").values_list("name", flat=True)

    assert list(in_order) == ["first", "second"]
