"""The keys under which rows stand in the logs: no entry hides another, and counts are true."""

import pytest
from django.test import override_settings

from imports_app.models import Import
from imports_app.models.status import Status
from imports_app.registry import importers
from imports_app.storage.log import errors_log, warnings_log
from tests.factories.commerce import PriceListFactory, SkuFactory
from tests.running import Row, run_import

pytestmark = pytest.mark.django_db(transaction=True)

BLANK_CODES: list[object] = [None, "", " ", "\n", "\u200b", [], True]
BLANK_NAME = {"name": ["can't be blank"]}


def skus(*rows: Row) -> Import:
    return run_import(importers.get("skus"), rows, skip_errors=True)


def test_a_failed_row_stands_under_its_key() -> None:
    assert errors_log(skus({"code": "A"}, {"code": "B", "name": "b"})) == {"A": BLANK_NAME}


def test_of_rows_with_one_key_the_first_has_it() -> None:
    assert errors_log(skus({"code": "A"}, {"code": "A"}, {"code": "A"})) == {
        "A": BLANK_NAME,
        "inputs[1]": BLANK_NAME,
        "inputs[2]": BLANK_NAME,
    }


@override_settings(IMPORTS_CHUNK_ROWS=1)
def test_the_first_of_one_key_has_it_across_chunks_too() -> None:
    assert list(errors_log(skus({"code": "A"}, {"code": "A"}))) == ["A", "inputs[1]"]


@pytest.mark.parametrize("key", ["import", "inputs[0]", "inputs[7]", "inputs[", "k" * 256])
def test_keys_that_would_be_taken_for_something_else_give_way_to_the_index(key: str) -> None:
    import_ = skus({"code": "A"}, {"code": key})

    assert list(errors_log(import_)) == ["A", "inputs[1]"]


@pytest.mark.parametrize("key", ["k" * 255, "imports", "Import", "input", "a/b", "é"])
def test_any_other_key_is_shown_as_it_is(key: str) -> None:
    assert list(errors_log(skus({"code": key}))) == [key]


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"name": "a"},
        *({"code": code} for code in BLANK_CODES),
    ],
)
def test_a_row_without_a_key_stands_under_its_index(row: Row) -> None:
    assert list(errors_log(skus(row))) == ["inputs[0]"]


def test_a_key_of_the_wrong_type_is_shown_all_the_same() -> None:
    assert list(errors_log(skus({"code": 7}))) == ["7"]


def test_a_price_stands_under_its_skus_code_within_the_price_list() -> None:
    price_list = PriceListFactory.create()
    SkuFactory.create(code="A")

    import_ = run_import(
        importers.get("prices"),
        [{"price_list_id": str(price_list.pk), "sku_code": "A"}, {"sku_reference": "ref"}],
        skip_errors=True,
    )

    assert list(errors_log(import_)) == ["A", "ref"]


def test_an_error_about_several_attributes_is_under_each_of_them() -> None:
    import_ = skus({"code": "A", "weight": "x", "colour": "red"})

    assert errors_log(import_) == {
        "A": {
            "weight": ["is not a number"],
            "colour": ["is unknown"],
        },
    }


def test_a_warning_and_an_error_of_one_key_are_in_logs_of_their_own() -> None:
    import_ = skus({"code": "A", "name": "a"}, {"code": "A"}, {"code": "A", "weight": "x"})

    assert list(errors_log(import_)) == ["A"]
    assert list(warnings_log(import_)) == ["A"]


@override_settings(IMPORTS_LOG_ENTRIES=3)
def test_logs_are_cut_off_at_a_number_of_entries_and_counts_are_not() -> None:
    rows: list[Row] = [{"code": f"C{n}"} for n in range(5)]
    rows += [{"code": "A", "name": f"n{n}"} for n in range(6)]

    import_ = skus(*rows)

    assert (import_.errors_count, import_.warnings_count) == (5, 5)
    assert list(errors_log(import_)) == ["C0", "C1", "C2"]
    assert len(warnings_log(import_)) == 3
    assert (import_.failures.count(), import_.warnings.count()) == (5, 5)


def test_an_import_without_trouble_has_empty_logs() -> None:
    import_ = skus({"code": "A", "name": "a"})

    assert (errors_log(import_), warnings_log(import_)) == ({}, {})


def test_why_an_import_could_not_go_on_stands_under_import() -> None:
    price_list = PriceListFactory.create()
    parent = str(price_list.pk)
    price_list.delete()

    import_ = run_import(
        importers.get("prices"),
        [{"sku_code": "A", "amount_cents": 1}],
        parent_resource_id=parent,
    )

    assert import_.status == Status.INTERRUPTED
    assert (import_.errors_count, import_.processed_count) == (0, 0)
    assert list(errors_log(import_)) == ["import"]
    assert parent in errors_log(import_)["import"]["base"][0]
