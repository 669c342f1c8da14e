"""What a project's own code hears of imports."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from django.db import connection, transaction
from django.dispatch import Signal

from imports_app.commerce.importers.tags import TagImporter
from imports_app.commerce.models import Sku, Tag
from imports_app.importer import Derivation, RowError
from imports_app.models import Import
from imports_app.models.status import Status
from imports_app.registry import importers
from imports_app.services import request_interrupt
from imports_app.signals import import_finished, import_started, rows_written
from tests.factories.commerce import SkuFactory
from tests.factories.imports import ImportFactory
from tests.running import row_errors, run_import, run_to_end

pytestmark = pytest.mark.django_db(transaction=True)

Heard = list[dict[str, Any]]
Listen = Callable[..., Heard]


@pytest.fixture
def listen() -> Iterator[Listen]:
    """Connects a receiver that writes down what it hears, outside of any transaction."""
    connected: list[tuple[Signal, Any, Any]] = []

    def connect(signal: Signal, sender: Any = None) -> Heard:
        heard: Heard = []

        def hear(**arguments: Any) -> None:
            assert not connection.in_atomic_block
            heard.append(arguments)

        signal.connect(hear, sender=sender, weak=False)
        connected.append((signal, hear, sender))
        return heard

    yield connect
    for signal, receiver, sender in connected:
        signal.disconnect(receiver, sender=sender)


def skus(*rows: dict[str, Any], **attributes: Any) -> Import:
    return run_import(importers.get("skus"), rows, skip_errors=True, **attributes)


def test_an_import_starts_and_finishes_once_each(listen: Listen) -> None:
    started, finished = listen(import_started), listen(import_finished, Import)
    import_ = skus({"code": "A", "name": "a"})
    assert [each["import_"].pk for each in started] == [import_.pk]
    assert [each["import_"].status for each in finished] == [Status.COMPLETED]


def test_a_second_slice_is_no_second_start(listen: Listen, settings: Any) -> None:
    settings.IMPORTS_SLICE_SECONDS, settings.IMPORTS_CHUNK_ROWS = 0, 1
    started = listen(import_started)
    skus({"code": "A", "name": "a"}, {"code": "B", "name": "b"})
    assert len(started) == 1


def test_an_import_that_is_stopped_before_it_starts_finishes(listen: Listen) -> None:
    started, finished = listen(import_started), listen(import_finished)
    request_interrupt(import_=ImportFactory.create())
    assert [each["import_"].status for each in finished] == [Status.INTERRUPTED]
    assert started == []


def test_signals_have_the_ids_of_created_and_updated_records(listen: Listen) -> None:
    same, old = SkuFactory.create(code="S", name="s"), SkuFactory.create(code="O", name="o")
    heard, others = listen(rows_written, Sku), listen(rows_written, Tag)
    import_ = skus(
        {"code": "N", "name": "n"},
        {"code": "S", "name": "s"},
        {"code": "O", "name": "new"},
        {"code": "F", "weight": "heavy"},
    )
    (one,) = heard
    new = Sku.objects.get(code="N")
    assert (one["sender"], one["import_id"]) == (Sku, import_.pk)
    assert (one["created"], one["updated"], one["unchanged"]) == ([new.pk], [old.pk], [same.pk])
    assert others == []


def test_each_batch_sends_a_signal_with_its_own_ids(listen: Listen, settings: Any) -> None:
    settings.IMPORTS_CHUNK_ROWS = 1
    heard = listen(rows_written)
    skus({"code": "A", "name": "a"}, {"code": "B", "name": "b"})
    assert [len(each["created"]) for each in heard] == [1, 1]


@pytest.mark.parametrize("how", [{"dry_run": True}, {"all_or_nothing": True}])
def test_no_signal_is_sent_for_a_batch_that_is_rolled_back(
    listen: Listen, how: dict[str, Any]
) -> None:
    heard = listen(rows_written)
    skus({"code": "A", "name": "a"}, {"code": "F", "weight": "heavy"}, **how)
    assert not Sku.objects.exists()
    assert heard == []


def test_all_or_nothing_sends_its_signals_once_rows_are_kept(listen: Listen) -> None:
    heard = listen(rows_written)
    skus({"code": "A", "name": "a"}, all_or_nothing=True)
    assert [len(each["created"]) for each in heard] == [1]


def test_a_receiver_that_breaks_harms_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def broken(**_: Any) -> None:
        raise RuntimeError("broken")

    for signal in (import_started, import_finished, rows_written):
        signal.connect(broken)
    try:
        assert skus({"code": "A", "name": "a"}).status == Status.COMPLETED
    finally:
        for signal in (import_started, import_finished, rows_written):
            signal.disconnect(broken)
    assert "broken" in caplog.text


class HookedImporter(TagImporter):
    """Writes down what it is shown and told."""

    shown: list[tuple[Any, dict[str, Any]]]
    told: list[Sequence[Any]]

    def before_write(self, rows: Sequence[Derivation]) -> None:
        assert connection.in_atomic_block
        for row in rows:
            self.shown.append((row.pk, {**row.fields}))
            if row.fields["name"] == "forbidden":
                row.errors.append(RowError("name", "exclusion", "is forbidden"))
            row.fields["name"] = "changed"

    def after_commit(self, ids: Sequence[Any]) -> None:
        assert not connection.in_atomic_block
        self.told.append(ids)


@pytest.fixture
def hooked(monkeypatch: pytest.MonkeyPatch) -> HookedImporter:
    registry: Any = importers
    importer = HookedImporter()
    importer.shown, importer.told = [], []
    monkeypatch.setitem(registry._by_type, "tags", importer)
    monkeypatch.setitem(registry._by_model, Tag, importer)
    return importer


def test_an_importer_sees_rows_before_they_are_written_and_may_refuse_them(
    hooked: HookedImporter,
) -> None:
    rows = [{"name": "a"}, {"name": "forbidden"}]
    import_ = run_to_end(run_import(hooked, rows, skip_errors=True))
    assert [fields["name"] for _, fields in hooked.shown] == ["a", "forbidden"]
    assert {index: error.message for index, (error,) in row_errors(import_).items()} == {
        1: "is forbidden"
    }
    assert [tag.name for tag in Tag.objects.all()] == ["a"]


def test_an_importer_hears_of_what_was_created_or_updated(hooked: HookedImporter) -> None:
    run_import(hooked, [{"name": "a"}])
    run_import(hooked, [{"name": "a"}, {"name": "b"}])
    a, b = Tag.objects.order_by("name")
    assert hooked.told == [[a.pk], [b.pk]]
    assert hooked.shown[1][0] == a.pk


def test_signals_inside_another_transaction_are_sent_after_it(
    hooked: HookedImporter, settings: Any
) -> None:
    settings.IMPORTS_EAGER = True
    with transaction.atomic():
        run_import(hooked, [{"name": "a"}])
        assert hooked.told == []
    assert len(hooked.told) == 1
