"""Rows that exchange unique values stay together, whatever a chunk is cut into after a death."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from imports_app.commerce.importers.catalog import ShippingCategoryImporter
from imports_app.commerce.models import ShippingCategory
from imports_app.engine.applying.suspects import MAX_ATTEMPTS
from imports_app.engine.running.run import run_slice
from imports_app.importer import RowError
from imports_app.models import Import
from imports_app.models.status import Status
from imports_app.storage.log import errors_log
from tests.integration.reliability.faults import Death
from tests.integration.reliability.workers import (
    bury,
    claim,
    create,
    each_death,
    work_until_idle,
)
from tests.outcome import forget, outcome
from tests.running import Row

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:.*was deleted while still open"),  # a dead worker's cursor
]

SWAP: list[Row] = [
    {"name": "new 0"},
    {"name": "A", "code": "b"},
    {"name": "new 1"},
    {"name": "C", "code": "d"},
    {"name": "new 2"},
    {"name": "B", "code": "a"},
    {"name": "D", "code": None},
    {"name": "new 3"},
]
# Only the row behind spoils the swap: without it the first two would take effect.
SPOILT: list[Row] = [
    {"name": "A", "code": "b"},
    {"name": "B", "code": "a"},
    {"name": "new 0"},
    {"name": "new 1", "code": "a"},
]
# Only in turn: the first takes the value, the second fails, the third gives it up.
IN_TURN: list[Row] = [
    {"name": "new 0", "code": "n"},
    {"name": "new 1"},
    {"name": "new 2", "code": "n"},
    {"name": "new 0", "code": None},
]


def seed() -> None:
    forget()
    for name in "ABCD":
        ShippingCategory.objects.create(name=name, code=name.lower(), mode="test")


def start(rows: list[Row]) -> Import:
    return create("shipping_categories", rows, skip_errors=True)


def poison(
    monkeypatch: pytest.MonkeyPatch, names: Iterable[str], error: BaseException, times: int
) -> None:
    """The rows of these names stop whoever validates them, so often."""
    left = dict.fromkeys(names, times)

    def validate(self: ShippingCategoryImporter, row: Mapping[str, Any]) -> Iterable[RowError]:
        if left.get(row["name"]):
            left[row["name"]] -= 1
            raise error
        return ()

    monkeypatch.setattr(ShippingCategoryImporter, "validate", validate)


def work_through_deaths(import_: Import) -> None:
    for _ in range(40):
        try:
            run_slice(claim())
        except Death:
            bury()
        import_.refresh_from_db()
        if import_.status != Status.IN_PROGRESS:
            return
    raise AssertionError("not final after 40 slices")


def clean_run(rows: list[Row]) -> dict[str, Any]:
    seed()
    import_ = start(rows)
    work_until_idle()
    return outcome(import_)


@pytest.mark.parametrize("rows", [SWAP, SPOILT, IN_TURN])
def test_a_worker_may_die_at_any_statement(rows: list[Row]) -> None:
    """At those that differ in what they undo, as in test_crashes.py."""
    expected = clean_run(rows)

    def start_anew() -> Import:
        seed()
        return start(rows)

    for statement, import_ in each_death(start_anew):
        assert outcome(import_) == expected, f"statement {statement}"
    assert statement > 10


@pytest.mark.parametrize("rows", [SWAP, SPOILT, IN_TURN])
@pytest.mark.parametrize("times", [1, 2, 3])
def test_cut_in_halves_after_several_deaths_the_outcome_is_that_of_a_clean_run(
    rows: list[Row], times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = clean_run(rows)
    seed()
    import_ = start(rows)
    poison(monkeypatch, [rows[0]["name"]], Death(), times)
    work_through_deaths(import_)
    assert outcome(import_) == expected


def test_the_rows_of_a_swap_of_which_one_kills_are_named_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seed()
    import_ = start(SWAP)
    poison(monkeypatch, ["C"], Death(), 100)
    work_through_deaths(import_)
    assert (import_.status, import_.processed_count) == (Status.INTERRUPTED, 1)
    reason = (
        "inputs[1] (A) to inputs[6], which belong together, stopped their worker"
        f" {MAX_ATTEMPTS} times"
    )
    assert errors_log(import_) == {"import": {"base": [reason]}}


@pytest.mark.parametrize("place", [0, 7])
def test_a_row_beside_a_swap_is_still_named_alone(
    place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed()
    import_ = start(SWAP)
    name = SWAP[place]["name"]
    poison(monkeypatch, [name], Death(), 100)
    work_through_deaths(import_)
    assert (import_.status, import_.processed_count) == (Status.INTERRUPTED, place)
    reason = f"inputs[{place}] ({name}) stopped its worker {MAX_ATTEMPTS} times"
    assert errors_log(import_) == {"import": {"base": [reason]}}
