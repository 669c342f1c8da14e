"""Hosts whose clocks differ."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from imports_app.commerce.models import Tag
from imports_app.registry import importers
from tests.running import run_import

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="a file of SQLite has one host")
def test_records_of_a_host_that_is_slow_come_after_those_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = timezone.now
    run_import(importers.get("tags"), [{"name": "first"}])
    monkeypatch.setattr(timezone, "now", lambda: right() - timedelta(hours=1))
    run_import(importers.get("tags"), [{"name": "second"}])

    in_order = Tag.objects.order_by("created_at").values_list("name", flat=True)

    assert list(in_order) == ["first", "second"]
