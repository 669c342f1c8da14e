import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from imports_app.exceptions import ChangesNotKept
from imports_app.models import CsvPiece, Import, ImportChunk, RowFailure
from imports_app.models.status import Status
from imports_app.services.undoing import undo_import
from imports_app.storage import csv_texts, pruning
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import Caller
from tests.integration.api.conftest import *  # noqa: F403
from tests.integration.management.running import run
from tests.running import run_to_end

pytestmark = pytest.mark.django_db(transaction=True)

LONG_AGO = timezone.now() - timedelta(days=40)


def old(**attributes: Any) -> Import:
    """An import of one good and one bad row that ended long ago."""
    rows = [{"code": "A", "name": "a"}, {"code": "B"}, {"code": "C"}]
    import_ = run_to_end(ImportFactory.create(rows=rows, skip_errors=True, **attributes))
    Import.objects.filter(pk=import_.pk).update(completed_at=LONG_AGO)
    return import_


def numbers(capsys: Any, *options: str) -> dict[str, Any]:
    ended = run(capsys, "prune_imports", "--older-than", "30d", "--json", *options)
    assert ended.code == 0
    found: dict[str, Any] = json.loads(ended.out)
    return found


def test_old_imports_lose_inputs_and_logs_and_keep_their_counts(capsys: Any) -> None:
    import_ = old()

    assert numbers(capsys) == {
        "dry_run": False,
        "imports": 1,
        "input_rows": 3,
        "log_entries": 3,
        "deleted": 0,
        "changes": 0,
    }

    pruned = Import.objects.get()
    assert (pruned.inputs_size, pruned.created_count, pruned.errors_count) == (3, 1, 2)
    assert pruned.updated_at == import_.updated_at
    for left in (pruned.chunks, pruned.failures, pruned.warnings, pruned.batches):
        assert not left.exists()
    assert numbers(capsys)["imports"] == 0


def test_the_text_of_a_csv_goes_with_its_rows(capsys: Any) -> None:
    csv_texts.store(old(), [b"first", b"second"])

    assert numbers(capsys)["imports"] == 1
    assert not CsvPiece.objects.exists()


def test_other_imports_are_not_touched(capsys: Any) -> None:
    recent = run_to_end(ImportFactory.create())
    active = ImportFactory.create(created_at=LONG_AGO, updated_at=LONG_AGO)

    assert numbers(capsys, "--delete")["imports"] == 0

    assert {chunk.bulk_import_id for chunk in ImportChunk.objects.all()} == {recent.pk, active.pk}


def test_the_age_of_interrupted_imports_counts_from_the_interruption(capsys: Any) -> None:
    ImportFactory.create(status=Status.INTERRUPTED, interrupted_at=LONG_AGO)

    assert numbers(capsys)["imports"] == 1


def test_a_dry_run_says_the_same_and_removes_nothing(capsys: Any) -> None:
    old()

    foreseen = numbers(capsys, "--dry-run", "--delete")

    assert ImportChunk.objects.exists()
    assert RowFailure.objects.count() == 2
    assert {**foreseen, "dry_run": False} == numbers(capsys, "--delete")


def test_whole_imports_are_pruned_if_asked_for(capsys: Any) -> None:
    first = old()
    retry = ImportFactory.create(retry_of=first)
    old()
    numbers(capsys)  # one that was pruned before can still be deleted

    assert numbers(capsys, "--delete")["deleted"] == 2

    assert list(Import.objects.all()) == [retry]


def test_long_logs_go_in_pieces(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "ROWS_A_TRANSACTION", 1)
    old()

    assert numbers(capsys)["log_entries"] == 3
    assert not RowFailure.objects.exists()


def test_the_api_shows_null_and_refuses_a_retry(capsys: Any, caller: Caller) -> None:
    import_ = old(client=caller.client)
    numbers(capsys)

    shown = caller.get(f"/api/imports/{import_.pk}").data["attributes"]
    assert (shown["inputs"], shown["attachment_url"], shown["errors_count"]) == (None, None, 2)
    answer = caller.post(f"/api/imports/{import_.pk}/retry", b"")
    assert answer.status == 422
    assert "The rows of this import are not available any more." in answer.error["detail"]


@pytest.mark.once
@pytest.mark.parametrize("age", ["30", "d", "-1d", "1y", "99999999d", ""])
def test_an_age_must_make_sense(capsys: Any, age: str) -> None:
    ended = run(capsys, "prune_imports", f"--older-than={age}")

    assert ended.code == 2
    assert "--older-than" in ended.err


def test_people_read_a_sentence(capsys: Any) -> None:
    old()

    ended = run(capsys, "prune_imports", "--older-than", "4w", "--dry-run")

    assert ended.out == (
        "Would prune 1 imports: 3 rows of inputs, 3 log entries, 0 changes; "
        "0 imports would be deleted.\n"
    )


def test_kept_changes_are_pruned_by_an_age_of_their_own(capsys: Any) -> None:
    import_ = old()
    assert import_.kept_changes.exists()

    would = numbers(capsys, "--changes", "--dry-run")
    assert import_.kept_changes.exists()
    did = numbers(capsys, "--changes")

    assert not import_.kept_changes.exists()
    assert import_.chunks.exists()
    assert (would["imports"], would["changes"]) == (did["imports"], did["changes"]) == (1, 1)
    with pytest.raises(ChangesNotKept):
        undo_import(import_=import_)
