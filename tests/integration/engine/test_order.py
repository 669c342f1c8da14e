"""Rows take effect in turn, and the same record twice is said."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from imports_app.commerce.models import Sku
from imports_app.models import Import
from imports_app.registry import importers
from imports_app.storage.log import warnings_log
from tests.factories.commerce import PriceListFactory, SkuFactory
from tests.running import Row, counts, row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["one batch", "a chunk a row", "a slice a row"])
def _pace(request: pytest.FixtureRequest) -> Iterator[None]:
    """How the rows are cut up, which must make no difference."""
    settings: dict[str, dict[str, Any]] = {
        "one batch": {},
        "a chunk a row": {"IMPORTS_CHUNK_ROWS": 1},
        "a slice a row": {"IMPORTS_CHUNK_ROWS": 1, "IMPORTS_SLICE_SECONDS": 0},
    }
    with override_settings(**settings[request.param]):
        yield


def skus(*rows: Row, **attributes: Any) -> Import:
    return run_import(importers.get("skus"), rows, **attributes)


def same(earlier: int, later: int) -> str:
    return f"inputs[{earlier}] and inputs[{later}] are the same record"


@pytest.mark.usefixtures("_pace")
def test_a_record_is_created_and_then_updated_by_a_later_row() -> None:
    import_ = skus(
        {"code": "A", "name": "first", "weight": 1.5},
        {"code": "A", "description": "second"},
        {"code": "A", "name": "third"},
        {"code": "A", "name": "third"},
    )

    sku = Sku.objects.get()
    assert (sku.name, sku.weight, sku.description) == ("third", 1.5, "second")
    assert counts(import_) == (1, 2, 1, 0)
    assert import_.warnings_count == 3
    assert warnings_log(import_) == {
        "A": [same(0, 1)],
        "inputs[2]": [same(1, 2)],
        "inputs[3]": [same(2, 3)],
    }


@pytest.mark.usefixtures("_pace")
def test_a_key_that_a_row_gives_up_is_free_for_the_next_one() -> None:
    sku = SkuFactory.create(code="OLD")

    import_ = skus(
        {"id": str(sku.pk), "code": "NEW"},
        {"code": "OLD", "name": "another"},
        {"code": "NEW", "name": "renamed"},
    )

    assert counts(import_) == (1, 2, 0, 0)
    assert Sku.objects.get(code="NEW").pk == sku.pk
    assert Sku.objects.get(code="NEW").name == "renamed"
    assert Sku.objects.get(code="OLD").name == "another"
    assert warnings_log(import_) == {
        "NEW": ["the record of this id had the key OLD before"],
        "inputs[2]": [same(0, 2)],
    }


@pytest.mark.usefixtures("_pace")
def test_a_row_cannot_take_a_key_that_its_record_has_again_in_the_end() -> None:
    a, b = SkuFactory.create(code="A"), SkuFactory.create(code="B")

    import_ = skus(
        {"id": str(a.pk), "code": "B"},
        {"id": str(b.pk), "code": "C"},
        {"id": str(b.pk), "code": "B"},
        skip_errors=True,
    )

    assert counts(import_) == (0, 2, 0, 1)
    assert [(e.attribute, e.code) for e in row_errors(import_)[0]] == [("code", "taken")]
    assert dict(Sku.objects.values_list("pk", "code")) == {a.pk: "A", b.pk: "B"}


@pytest.mark.usefixtures("_pace")
def test_two_records_change_keys_over_a_third_name() -> None:
    a, b = SkuFactory.create(code="A"), SkuFactory.create(code="B")

    import_ = skus(
        {"id": str(a.pk), "code": "X"},
        {"id": str(b.pk), "code": "A"},
        {"id": str(a.pk), "code": "B"},
    )

    assert counts(import_) == (0, 3, 0, 0)
    assert dict(Sku.objects.values_list("pk", "code")) == {a.pk: "B", b.pk: "A"}


@pytest.mark.usefixtures("_pace")
def test_a_record_is_met_under_the_key_that_it_has_between_two_changes() -> None:
    sku = SkuFactory.create(code="A")

    import_ = skus(
        {"id": str(sku.pk), "code": "B"},
        {"code": "B", "name": "first"},
        {"code": "B", "name": "second"},
        {"id": str(sku.pk), "code": "C"},
        {"code": "B", "name": "another"},
    )

    assert counts(import_) == (1, 4, 0, 0)
    assert Sku.objects.get(pk=sku.pk).name == "second"
    assert dict(Sku.objects.values_list("code", "name")) == {"C": "second", "B": "another"}


@pytest.mark.usefixtures("_pace")
def test_an_update_before_its_create_fails_and_the_create_goes_on() -> None:
    import_ = skus({"code": "A", "weight": 1.5}, {"code": "A", "name": "a"}, skip_errors=True)

    assert counts(import_) == (1, 0, 0, 1)
    assert Sku.objects.get().weight is None
    assert [e.attribute for e in row_errors(import_)[0]] == ["name"]
    assert import_.warnings_count == 0


@pytest.mark.usefixtures("_pace")
def test_a_record_named_by_id_and_by_key_is_the_same() -> None:
    sku = SkuFactory.create(code="A")

    import_ = skus({"id": str(sku.pk), "name": "by id"}, {"code": "A", "name": "by key"})

    assert counts(import_) == (0, 2, 0, 0)
    assert Sku.objects.get().name == "by key"
    assert warnings_log(import_) == {"A": [same(0, 1)]}


@pytest.mark.usefixtures("_pace")
def test_a_record_named_by_two_forms_of_a_relation_is_the_same() -> None:
    price_list = PriceListFactory.create(name="Retail")
    sku = SkuFactory.create(code="A", reference="ref")
    base: Row = {"price_list_id": str(price_list.pk)}

    import_ = run_import(
        importers.get("prices"),
        [
            base | {"sku_code": "A", "amount_cents": 1},
            base | {"sku_reference": "ref", "amount_cents": 2},
            {"price_list_name": "Retail", "sku_id": str(sku.pk), "amount_cents": 3},
        ],
    )

    assert counts(import_) == (1, 2, 0, 0)
    messages = [message for entry in warnings_log(import_).values() for message in entry]
    assert messages == [same(0, 1), same(1, 2)]


@pytest.mark.usefixtures("_pace")
def test_a_failed_row_is_no_repeat() -> None:
    import_ = skus({"code": "A", "name": "a"}, {"code": "A", "weight": "x"}, skip_errors=True)

    assert counts(import_) == (1, 0, 0, 1)
    assert import_.warnings_count == 0


def test_codes_that_differ_in_case_or_accents_or_blanks_within_are_different_records() -> None:
    rows = [{"code": code, "name": "n"} for code in ("a", "A", "á", "a a", "a  a", "a\u200ba")]

    import_ = skus(*rows)

    assert counts(import_) == (6, 0, 0, 0)
    assert import_.warnings_count == 0


def test_every_repeat_among_many_rows_is_a_warning() -> None:
    rows = [{"code": f"C{n % 50}", "name": f"n{n}"} for n in range(150)]

    import_ = skus(*rows)

    assert counts(import_) == (50, 100, 0, 0)
    assert import_.warnings_count == 100
    assert Sku.objects.get(code="C7").name == "n107"
