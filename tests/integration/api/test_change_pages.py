"""Pages and filters of what a long import changed: exact, and without holding all of it."""

import gc
import tracemalloc
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.test import override_settings

from imports_app.commerce.models import Sku
from imports_app.models import Import
from imports_app.outputs import changes as outputs
from imports_app.outputs.selection import Conditions, entries, page_of
from tests.factories.commerce import MarketFactory
from tests.integration.api.caller import Caller
from tests.running import Row, done, run_to_end

pytestmark = pytest.mark.django_db(transaction=True)

FILTERS: dict[str, Callable[[Any], bool]] = {
    "": lambda _: True,
    "filter[q][action_eq]=created": lambda each: each["action"] == "created",
    "filter[q][action_in]=updated,destroyed": lambda each: each["action"] != "created",
    "filter[q][key_start]=1": lambda each: (each["key"] or "").startswith("1"),
    "filter[q][key_in]=3,7&filter[q][action_eq]=updated": lambda each: (
        each["action"] == "updated" and each["key"] in {"3", "7"}
    ),
    "filter[q][key_eq]=none": lambda _: False,
}


def orders(caller: Caller) -> Import:
    """Updates and creations of orders with children and tags, and a cleanup, three rows at once."""
    market = str(MarketFactory.create(mode=caller.mode).pk)
    item = {"name": "x", "quantity": 1, "unit_amount_cents": 1}
    first: list[Row] = [
        {"number": str(n), "market_id": market, "line_items": [item]} for n in range(1, 9)
    ]
    done("orders", *first, {"number": "99", "market_id": market}, mode=caller.mode)
    second: list[Row] = [
        {
            "number": str(n),
            "market_id": market,
            "tags": ["a", f"b{n}"],
            "line_items": [item | {"quantity": 2}, item | {"name": "y"}],
        }
        for n in (1, 2, 3, 10, 11, 12, 7, 13)
    ]
    with override_settings(IMPORTS_CHUNK_ROWS=3):
        return done("orders", *second, mode=caller.mode, cleanup_records=True)


def pages(caller: Caller, path: str, size: int) -> tuple[list[Any], set[int]]:
    """All changes, page by page, and what each page says of how many there are."""
    shown: list[Any] = []
    counted: set[int] = set()
    for number in count(1):
        document = caller.get(f"{path}&page[size]={size}&page[number]={number}").document
        counted.add(document["meta"]["record_count"])
        if not document["data"]:
            return shown, counted
        shown += document["data"]
    raise AssertionError


def test_pages_of_a_filter_are_those_of_all_changes_that_pass_it(caller: Caller) -> None:
    path = f"/api/imports/{orders(caller).pk}/changes"
    everything = caller.get(f"{path}?page[size]=100").data
    assert {each["attributes"]["action"] for each in everything} == {
        "created",
        "updated",
        "destroyed",
    }
    assert [each["id"].rpartition("-")[2] for each in everything] == [
        str(n) for n in range(len(everything))
    ]

    for query, passes in FILTERS.items():
        wanted = [each for each in everything if passes(each["attributes"])]
        for size in (1, 4, 100):
            assert pages(caller, f"{path}?{query}", size) == (wanted, {len(wanted)}), query


def test_lines_of_a_file_stand_beside_the_changes_of_every_page(caller: Caller) -> None:
    text = "code,name\n" + "".join(f"C{n},n{n}\n" for n in range(7))
    with override_settings(IMPORTS_CHUNK_ROWS=3):
        made = caller.post(
            "/api/imports?resource_type=skus", text.encode(), media_type="text/csv"
        ).data
        import_ = Import.objects.get(pk=made["id"])
        run_to_end(import_)

    shown, _ = pages(caller, f"/api/imports/{import_.pk}/changes?", 2)

    assert [each["attributes"]["line"] for each in shown] == [*range(2, 9)]


def long_import(rows: int) -> Import:
    """The creations of so many records in transactions of twenty."""
    Sku.objects.all().delete()
    with override_settings(IMPORTS_CHUNK_ROWS=20):
        return done("skus", *({"code": f"C{n:05}", "name": "x" * 200} for n in range(rows)))


def code(text: str) -> Conditions:
    return Conditions(key=[text.__eq__])


@pytest.mark.parametrize(
    ("conditions", "start", "made"),
    [
        (Conditions(), 0, 20),
        (Conditions(), 195, 40),
        (Conditions(), 1_000, 0),
        (code("C00123"), 0, 20),
        (code("none"), 0, 0),
        (Conditions(action=["created".__eq__]), 40, 20),
    ],
)
def test_entries_are_made_only_of_the_pages_transactions(
    monkeypatch: pytest.MonkeyPatch, conditions: Conditions, start: int, made: int
) -> None:
    import_ = long_import(400)
    entry, numbers = outputs.Entry, count()

    def counted(*args: Any) -> outputs.Entry:
        next(numbers)
        return entry(*args)

    monkeypatch.setattr(outputs, "Entry", counted)

    page, _ = page_of(import_, conditions, start, 10)

    assert len(page) <= made
    assert next(numbers) == made


def peak(work: Callable[[], Any]) -> int:
    """The most that is allocated at one time, in bytes."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "conditions", [Conditions(), code("none"), Conditions(key=[lambda key: key.endswith("0")])]
)
def test_a_longer_import_takes_no_more_memory(
    monkeypatch: pytest.MonkeyPatch, conditions: Conditions
) -> None:
    monkeypatch.setattr(outputs, "AT_A_TIME", 40)
    peaks = []
    for rows in (200, 200, 1_200):  # the first one imports modules and fills caches
        import_ = long_import(rows)

        def look(import_: Import = import_) -> None:
            page_of(import_, conditions, 50, 10)
            for number, _ in enumerate(entries(import_, conditions)):
                if number % 100 == 0:
                    gc.collect()  # cycles that queries leave behind, not the entries

        peaks.append(peak(look))

    assert peaks[2] < 1.5 * peaks[1]
