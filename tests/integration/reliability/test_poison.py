"""A row that kills its worker is found and named; whatever else dies does no harm."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from django.test import override_settings

from imports_app.commerce.importers.catalog import SkuImporter
from imports_app.commerce.models import Sku
from imports_app.engine.applying import writing
from imports_app.engine.applying.suspects import MAX_ATTEMPTS, MAX_TOGETHER
from imports_app.engine.running import destroy
from imports_app.engine.running.run import run_slice
from imports_app.importer import RowError
from imports_app.models import Import
from imports_app.models.status import Status
from imports_app.queue.scheduling import claim_next
from imports_app.storage.log import errors_log
from tests.integration.reliability.faults import Death
from tests.integration.reliability.workers import bury, claim, create, work_until_idle
from tests.running import Row

pytestmark = pytest.mark.django_db(transaction=True)

SIZE = 11
POISON = "POISON"


def rows_with(*places: int) -> list[Row]:
    return [
        {"code": POISON if index in places else f"S{index}", "name": "sku"} for index in range(SIZE)
    ]


def work_until_final(import_: Import, *, deaths: int) -> list[int]:
    """Claims and dies until the import is final; how often a row had been tried alone by then."""
    attempts: list[int] = []
    for _ in range(deaths + 1):
        try:
            run_slice(claim())
        except Death:
            bury()
        import_.refresh_from_db()
        if import_.status != Status.IN_PROGRESS:
            return attempts
        attempts.append(import_.attempts)
    raise AssertionError(f"not final after {deaths} deaths")


def poison_validation(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def validate(self: SkuImporter, row: Mapping[str, Any]) -> Iterable[RowError]:
        if row.get("code") == POISON:
            raise error
        return ()

    monkeypatch.setattr(SkuImporter, "validate", validate)


def poison_writing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:

    def write(context: Any, drafts: Any, **options: Any) -> Any:
        if any(made.fields.get("code") == POISON for made in drafts):
            raise error
        return writing.write(context, drafts, **options)

    monkeypatch.setattr("imports_app.engine.applying.batch.write", write)


def assert_stopped_at(import_: Import, place: int) -> None:
    assert (import_.status, import_.processed_count) == (Status.INTERRUPTED, place)
    assert errors_log(import_) == {
        "import": {"base": [f"inputs[{place}] ({POISON}) stopped its worker 3 times"]}
    }
    assert import_.errors_count == 0
    assert set(Sku.objects.values_list("code", flat=True)) == {f"S{i}" for i in range(place)}
    assert claim_next() is None


@pytest.mark.parametrize("place", [0, 4, SIZE - 1])
@pytest.mark.parametrize("poison", [poison_validation, poison_writing])
def test_a_row_that_kills_its_worker_is_named_after_three_deaths_alone(
    poison: Any, place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison(monkeypatch, Death())
    import_ = create("skus", rows_with(place))

    # Halving takes three deaths or four for eleven rows.
    attempts = work_until_final(import_, deaths=1 + 4 + MAX_ATTEMPTS)

    assert attempts[-MAX_ATTEMPTS:] == [1, 2, 3]
    assert_stopped_at(import_, place)


def test_an_import_of_one_poisonous_row_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    poison_validation(monkeypatch, Death())
    import_ = create("skus", [{"code": POISON, "name": "sku"}])

    work_until_final(import_, deaths=1 + MAX_ATTEMPTS)

    assert_stopped_at(import_, 0)


def test_only_the_chunk_of_the_poisonous_row_goes_in_halves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with override_settings(IMPORTS_CHUNK_ROWS=4):
        import_ = create("skus", rows_with(6))
    poison_writing(monkeypatch, Death())

    work_until_final(import_, deaths=1 + 2 + MAX_ATTEMPTS)

    assert_stopped_at(import_, 6)
    assert import_.batches.order_by("first_row").values_list("rows", flat=True)[0] == 4


@pytest.mark.parametrize("place", [4, SIZE - 1])
@pytest.mark.parametrize("error", [RuntimeError("a bug"), Death()])
def test_a_row_that_stops_whoever_reads_it_ahead_is_named_and_the_batch_before_is_not_lost(
    error: BaseException, place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with override_settings(IMPORTS_CHUNK_ROWS=4):
        import_ = create("skus", rows_with(place))
    poison_validation(monkeypatch, error)

    # Where it was read ahead the batch before is under suspicion first.
    work_until_final(import_, deaths=1 + 3 + 3 + MAX_ATTEMPTS)

    assert_stopped_at(import_, place)


@pytest.mark.parametrize("error", [RuntimeError("a bug"), Death()])
def test_a_row_that_stops_whoever_reads_it_ahead_spares_the_import_before(
    error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = create("skus", [{"code": "F", "name": "first"}])
    import_ = create("skus", rows_with(0))
    poison_validation(monkeypatch, error)

    # Where it is read ahead the import before is under suspicion first.
    work_until_final(first, deaths=1)
    work_until_final(import_, deaths=1 + 4 + MAX_ATTEMPTS)

    assert (first.status, first.created_count) == (Status.COMPLETED, 1)
    Sku.objects.get(code="F").delete()
    assert_stopped_at(import_, 0)


def test_rows_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with override_settings(IMPORTS_CHUNK_ROWS=4):
        import_ = create("skus", rows_with())
    read: list[str] = []

    def validate(self: SkuImporter, row: Mapping[str, Any]) -> Iterable[RowError]:
        read.append(row["code"])
        return ()

    monkeypatch.setattr(SkuImporter, "validate", validate)

    assert run_slice(claim())

    import_.refresh_from_db()
    assert import_.created_count == SIZE
    assert read == [row["code"] for row in rows_with()]


@pytest.mark.parametrize("place", [0, 4, SIZE - 1])
@pytest.mark.parametrize("poison", [poison_validation, poison_writing])
@pytest.mark.parametrize("error", [RuntimeError("a bug"), MemoryError(), RecursionError()])
def test_a_row_that_breaks_the_code_is_named_within_one_slice(
    error: Exception, poison: Any, place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison(monkeypatch, error)
    import_ = create("skus", rows_with(place))

    assert run_slice(claim())

    import_.refresh_from_db()
    assert_stopped_at(import_, place)


def test_a_row_that_kills_twice_alone_and_then_passes_takes_effect(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import_ = create("skus", rows_with(4))
    with monkeypatch.context() as patch:
        poison_validation(patch, Death())
        while import_.attempts < MAX_ATTEMPTS - 1:
            with pytest.raises(Death):
                run_slice(claim())
            bury()
            import_.refresh_from_db()

    work_until_idle()

    import_.refresh_from_db()
    assert (import_.status, import_.created_count) == (Status.COMPLETED, SIZE)
    assert (import_.attempts, import_.suspect_end) == (0, None)


def test_deaths_of_different_rows_do_not_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    import_ = create("skus", rows_with())
    deaths = {f"S{index}": MAX_ATTEMPTS - 1 for index in range(SIZE)}

    def validate(self: SkuImporter, row: Mapping[str, Any]) -> Iterable[RowError]:
        import_.refresh_from_db()
        alone = import_.attempts > 0
        if deaths[row["code"]] or not alone:
            deaths[row["code"]] -= alone
            raise Death
        return ()

    monkeypatch.setattr(SkuImporter, "validate", validate)

    attempts = work_until_final(import_, deaths=8 * SIZE)

    assert (import_.status, import_.created_count) == (Status.COMPLETED, SIZE)
    assert attempts.count(MAX_ATTEMPTS - 1) == SIZE


@pytest.mark.parametrize("error", [RuntimeError("a bug"), Death()])
def test_a_cleanup_that_stops_every_worker_ends_the_import(
    error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    Sku.objects.create(mode="test", code="GONE", name="sku")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("imports_app.engine.running.cleanup.destroy", fail)
    import_ = create("skus", rows_with(), cleanup_records=True)

    work_until_final(import_, deaths=MAX_TOGETHER + 1)

    assert (import_.status, import_.created_count) == (Status.INTERRUPTED, SIZE)
    message = f"the cleanup stopped its worker {MAX_TOGETHER} times"
    assert errors_log(import_) == {"import": {"base": [message]}}
    assert Sku.objects.filter(code="GONE").exists()


def test_deaths_in_different_batches_of_a_cleanup_do_not_add_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(MAX_TOGETHER + 1):
        Sku.objects.create(mode="test", code=f"GONE{number}", name="sku")
    alive = False

    def every_other_time(*arguments: Any) -> Any:
        nonlocal alive
        alive = not alive
        if not alive:
            raise Death
        return destroy.destroy(*arguments)

    monkeypatch.setattr("imports_app.engine.running.cleanup.destroy", every_other_time)
    import_ = create("skus", rows_with(), cleanup_records=True)

    with override_settings(IMPORTS_CLEANUP_ROWS=1):
        work_until_final(import_, deaths=MAX_TOGETHER + 1)

    assert (import_.status, import_.destroyed_count) == (Status.COMPLETED, MAX_TOGETHER + 1)
