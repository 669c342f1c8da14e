"""What is prepared ahead of its turn makes no difference but to how long it takes."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from django.test import override_settings
from pytest_django import Settings

from imports_app.commerce.importers.catalog import SkuImporter
from imports_app.commerce.models import ShippingCategory, Sku
from imports_app.importer import RowError
from imports_app.models import Import, Mode
from imports_app.models.status import Status
from imports_app.queue import transitions
from imports_app.services.undoing import undo_import
from tests.factories.commerce import SkuFactory
from tests.factories.imports import ImportFactory
from tests.running import Row, row_errors, run_a_slice, run_to_end

pytestmark = pytest.mark.django_db(transaction=True)


def skus(*rows: Row, **attributes: Any) -> Import:
    return ImportFactory.create(resource_type="skus", rows=rows, **attributes)


def sku(code: str, **attributes: Any) -> Row:
    return {"code": code, "name": code.lower(), **attributes}


@pytest.fixture
def first() -> Import:
    """An import that the others come behind."""
    return skus(sku("FIRST"))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes of the rows that were validated, in that order."""
    codes: list[str] = []

    def validate(self: SkuImporter, row: Mapping[str, Any]) -> Iterable[RowError]:
        codes.append(row["code"])
        return ()

    monkeypatch.setattr(SkuImporter, "validate", validate)
    return codes


def test_the_rows_of_the_import_behind_are_read_once(first: Import, read: list[str]) -> None:
    second = skus(sku("A"), sku("B"))

    run_to_end(first)
    run_to_end(second)

    assert read == ["FIRST", "A", "B"]
    assert set(Sku.objects.values_list("code", flat=True)) == {"FIRST", "A", "B"}


def test_the_next_of_several_waiting_imports_is_prepared(first: Import, read: list[str]) -> None:
    second, third = skus(sku("A")), skus(sku("B"))
    run_to_end(first)

    run_to_end(second)
    run_to_end(third)

    assert read == ["FIRST", "A", "B"]


def test_what_was_expected_and_does_not_come_is_not_taken_for_something_else(
    first: Import,
) -> None:
    second, third = skus(sku("A")), skus(sku("B", name="of the third"))
    run_to_end(first)
    assert transitions.withdraw(second.pk)

    run_to_end(third)

    assert set(Sku.objects.values_list("code", "name")) == {
        ("FIRST", "first"),
        ("B", "of the third"),
    }


def test_rows_of_the_import_behind_see_what_this_one_wrote(first: Import) -> None:
    second = skus({"code": "FIRST", "name": "changed"}, {"code": "FIRST", "name": "changed"})

    run_to_end(first)
    run_to_end(second)

    assert (second.updated_count, second.unchanged_count) == (1, 1)
    assert Sku.objects.get().name == "changed"


def test_rows_that_name_records_are_looked_up_in_their_turn(first: Import) -> None:
    known = SkuFactory.create()
    category = known.shipping_category
    second = skus(
        sku("A", shipping_category_name=category.name),
        sku("B", shipping_category_id="4711"),
        {"id": str(known.pk), "name": "by id"},
        {"id": "4711", "name": "nobody"},
        skip_errors=True,
    )

    run_to_end(first)
    run_to_end(second)

    assert Sku.objects.get(code="A").shipping_category == category
    assert Sku.objects.get(pk=known.pk).name == "by id"
    assert {i: [e.attribute for e in errors] for i, errors in row_errors(second).items()} == {
        1: ["shipping_category"],
        3: ["id"],
    }


@override_settings(IMPORTS_ERROR_PERCENT=30)
def test_the_import_behind_stops_at_the_same_row_as_ever(first: Import) -> None:
    second = skus(sku("A"), {"code": "B"}, sku("C"), {"code": 5}, sku("D"), sku("E"))

    run_to_end(first)
    run_to_end(second)

    assert (second.status, second.processed_count) == (Status.INTERRUPTED, 2)
    assert [*row_errors(second)] == [1, 3]


@pytest.mark.parametrize(
    ("mode", "resource_type", "row"),
    [(Mode.TEST, "skus", sku("U")), (Mode.LIVE, "customers", {"email": "u@example.com"})],
)
def test_an_undo_in_between_leaves_alone_what_was_expected(
    settings: Settings, mode: str, resource_type: str, row: Row
) -> None:
    for tags in ([], ["new"]):
        rows = [{**row, "tags": tags}]
        other = ImportFactory.create(resource_type=resource_type, mode=mode, rows=rows)
        run_to_end(other)
    undo = undo_import(import_=other)
    settings.IMPORTS_CHUNK_ROWS, settings.IMPORTS_SLICE_SECONDS = 1, 0
    # The first row is not written, and so there was no time to prepare the second.
    import_ = skus({"code": 1}, sku("B"), sku("C"), mode=Mode.LIVE, skip_errors=True)
    run_a_slice(import_)
    assert import_.errors_count == 1

    run_to_end(undo)
    run_to_end(import_)

    assert (undo.status, [*row_errors(import_)]) == (Status.COMPLETED, [0])
    live = Sku.objects.filter(mode=Mode.LIVE)
    assert set(live.values_list("code", flat=True)) == {"B", "C"}


def test_a_row_that_the_database_refuses_is_isolated_in_the_import_behind() -> None:
    first, second = (
        ImportFactory.create(resource_type="shipping_categories", rows=rows, skip_errors=True)
        for rows in (
            [{"name": "F", "code": "f"}],
            [{"name": "A", "code": "a"}, {"name": "B", "code": "a"}, {"name": "C", "code": "c"}],
        )
    )

    run_to_end(first)
    run_to_end(second)

    assert [*row_errors(second)] == [1]
    assert set(ShippingCategory.objects.values_list("name", flat=True)) == {"F", "A", "C"}
