"""`manage.py undo_import`."""

import json
from typing import Any

import pytest

from imports_app.commerce.models import Sku
from imports_app.models import Import
from tests.integration.management.running import run
from tests.running import done, run_to_end

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_command_queues_an_undo(capsys: Any) -> None:
    import_ = done("skus", {"code": "A", "name": "a"})

    ended = run(capsys, "undo_import", str(import_.pk), "--json")

    undo = Import.objects.get(undo_of=import_)
    assert ended.code == 0
    assert json.loads(ended.out)["id"] == str(undo.pk)
    run_to_end(undo)
    assert not Sku.objects.exists()


def test_the_undo_may_be_a_dry_run(capsys: Any) -> None:
    import_ = done("skus", {"code": "A", "name": "a"})

    assert run(capsys, "undo_import", str(import_.pk), "--dry-run").code == 0

    assert Import.objects.get(undo_of=import_).dry_run


@pytest.mark.parametrize("name", ["x", "0190b5a2-7c1e-7f00-8d3b-5e6f7a8b9c0d"])
def test_an_import_that_is_not_there_is_named(capsys: Any, name: str) -> None:
    ended = run(capsys, "undo_import", name)

    assert ended.code == 2
    assert f"There is no import {name}." in ended.err


def test_an_import_that_can_not_be_undone_is_a_usage_error(capsys: Any) -> None:
    import_ = done("skus", {"code": "A", "name": "a"}, dry_run=True)

    ended = run(capsys, "undo_import", str(import_.pk))

    assert ended.code == 2
    assert "changed nothing" in ended.err
