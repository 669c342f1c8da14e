"""Whatever a row holds, it fails with a message and no other row suffers."""

from typing import Any

import pytest

from imports_app.commerce.models import Sku
from imports_app.importer import RowError
from imports_app.models import Import, Mode
from imports_app.models.status import Status
from imports_app.registry import importers
from imports_app.services import ImportOrder, create_import
from tests.factories.commerce import SkuFactory
from tests.running import row_errors, run_import, run_to_end

pytestmark = pytest.mark.django_db(transaction=True)

SOUND = (b'{"code":"FIRST","name":"first"}', b'{"code":"LAST","name":"last"}')


def run_raw(*rows: bytes, resource_type: str = "skus", **attributes: Any) -> Import:
    order = ImportOrder(resource_type=resource_type, rows=rows, **attributes)
    return run_to_end(create_import(order=order, mode=Mode.TEST))


def errors_of(row: bytes) -> list[RowError]:
    """What is wrong with the row, between two sound ones that take effect."""
    import_ = run_raw(SOUND[0], row, SOUND[1], skip_errors=True)
    assert (import_.status, import_.created_count, import_.errors_count) == (
        Status.COMPLETED,
        2,
        1,
    )
    assert set(Sku.objects.values_list("code", flat=True)) == {"FIRST", "LAST"}
    (errors,) = row_errors(import_).values()
    assert set(row_errors(import_)) == {1}
    return errors


DIGITS = b"9" * 5000

# Rows that can't be, and the attributes of their errors.
HOSTILE = [
    (b'{"code":"A\\u0000","name":"a"}', "code"),
    (b'{"code":"A","name":"\\u0000"}', "name"),
    (b'{"code":"A","name":"a","description":"x\\u0000y"}', "description"),
    (b'{"code":"A","name":"a","metadata":{"k":["\\u0000"]}}', "metadata"),
    (b'{"code":"A","name":"a","metadata":{"\\u0000":1}}', "metadata"),
    (b'{"code":"A","name":"a","metadata":{"k":1e999}}', "metadata"),
    (b'{"code":"A","name":"a","metadata":{"k":[[-1e999]]}}', "metadata"),
    (b'{"code":"A","name":"a","metadata":[]}', "metadata"),
    (b'{"code":"A","name":"a","metadata":"{}"}', "metadata"),
    (b'{"code":"A","name":"a","metadata":7}', "metadata"),
    (b'{"code":"A","name":"a","weight":1e999}', "weight"),
    (b'{"code":"A","name":"a","weight":-1e999}', "weight"),
    (b'{"code":"A","name":"a","weight":"1"}', "weight"),
    (b'{"code":"A","name":"a","weight":true}', "weight"),
    (b'{"code":"A","name":"a","pieces_per_pack":9223372036854775808}', "pieces_per_pack"),
    (b'{"code":"A","name":"a","pieces_per_pack":-9223372036854775809}', "pieces_per_pack"),
    (b'{"code":"A","name":"a","pieces_per_pack":99999999999999999999}', "pieces_per_pack"),
    (b'{"code":"A","name":"a","pieces_per_pack":1.5}', "pieces_per_pack"),
    (b'{"code":"A","name":"a","pieces_per_pack":"5"}', "pieces_per_pack"),
    (b'{"code":"A","name":"a","pieces_per_pack":true}', "pieces_per_pack"),
    (b'{"code":"A","name":"a","pieces_per_pack":[]}', "pieces_per_pack"),
    (b'{"code":"A","name":"a","do_not_ship":"true"}', "do_not_ship"),
    (b'{"code":"A","name":"a","do_not_ship":1}', "do_not_ship"),
    (b'{"code":"A","name":"a","unit_of_weight":"kg"}', "unit_of_weight"),
    (b'{"code":"A","name":"a","description":5}', "description"),
    (b'{"code":"A","name":"a","description":{}}', "description"),
    (b'{"code":5,"name":"a"}', "code"),
    (b'{"code":null,"name":"a"}', "code"),
    (b'{"code":"","name":"a"}', "code"),
    (b'{"code":" \\t","name":"a"}', "code"),
    (b'{"code":["A"],"name":"a"}', "code"),
    (b'{"code":"A","name":null}', "name"),
    (b'{"code":"A","name":"a","colour":"red"}', "colour"),
    (b'{"code":"A","name":"a","mode":"live"}', "mode"),
    (b'{"code":"A","name":"a","created_at":"2020-01-01"}', "created_at"),
    (b'{"code":"A","name":"a","type":"prices"}', "type"),
    (b'{"code":"A","name":"a","":1}', "base"),
    (b'{"id":5,"name":"a"}', "id"),
    (b'{"id":null,"code":"A","name":"a"}', "id"),
    (b'{"id":"","name":"a"}', "id"),
    (b'{"id":"x","name":"a"}', "id"),
    (b'{"id":"\\u0000","name":"a"}', "id"),
    (b'{"id":"99999999999999999999","name":"a"}', "id"),
    (b'{"id":"-1","name":"a"}', "id"),
    (b'{"id":"1.0","name":"a"}', "id"),
    (b'{"code":"A","name":"a","shipping_category_id":5}', "shipping_category_id"),
    (
        b'{"code":"A","name":"a","shipping_category_id":"\\u0000"}',
        "shipping_category_id shipping_category",
    ),
    (
        b'{"code":"A","name":"a","shipping_category_reference":"\\u0000"}',
        "shipping_category_reference shipping_category",
    ),
    (b'{"code":"A","name":"a","shipping_category_name":{}}', "shipping_category_name"),
    (b'{"code":"A","name":"a","pieces_per_pack":' + DIGITS + b"}", "base"),
    (b'{"code":"A","name":"a","weight":' + DIGITS + b"}", "base"),
    (b'{"code":"A","name":"a","metadata":{"k":' + DIGITS + b"}}", "base"),
    (b'{"code":' + DIGITS + b',"name":"a"}', "base"),
    (b"{}", "code name"),
]


def test_values_that_cannot_be_fail_their_rows_and_no_other() -> None:
    sound = [b'{"code":"SOUND-%d","name":"n"}' % index for index in range(len(HOSTILE) + 1)]
    rows = [sound[0]]
    for (hostile, _), next_sound in zip(HOSTILE, sound[1:], strict=True):
        rows += [hostile, next_sound]

    import_ = run_raw(*rows, skip_errors=True)

    found = {
        rows[index]: " ".join(error.attribute for error in errors)
        for index, errors in row_errors(import_).items()
    }
    assert found == dict(HOSTILE)
    assert (import_.status, import_.created_count) == (Status.COMPLETED, len(sound))
    assert not Sku.objects.exclude(code__startswith="SOUND-").exists()


def test_every_error_of_a_row_is_logged() -> None:
    row = b'{"code":"","weight":"x","pieces_per_pack":1.5,"colour":"red","unit_of_weight":"kg"}'

    assert {(error.attribute, error.code) for error in errors_of(row)} == {
        ("code", "blank"),
        ("weight", "not_a_number"),
        ("pieces_per_pack", "not_an_integer"),
        ("colour", "unknown"),
        ("unit_of_weight", "inclusion"),
        ("name", "blank"),
    }


def test_text_longer_than_its_column_is_refused_and_the_longest_is_kept() -> None:
    row = b'{"code":"A","name":"' + b"x" * 256 + b'"}'
    assert [tuple(e) for e in errors_of(row)] == [
        ("name", "too_long", "is too long (maximum is 255 characters)")
    ]

    longest = "\U0001f600" * 255
    run_import(importers.get("skus"), [{"code": "LONG", "name": longest}])
    assert Sku.objects.get(code="LONG").name == longest


def test_the_last_of_a_repeated_name_wins() -> None:
    run_raw(b'{"code":"A","name":"first","name":"last"}')

    assert Sku.objects.get().name == "last"


def test_a_row_may_name_its_type() -> None:
    import_ = run_raw(b'{"type":"skus","code":"A","name":"a"}')

    assert import_.created_count == 1


def test_escapes_and_surrogate_pairs_are_read_as_json_says() -> None:
    run_raw(b'{"code":"\\u0041","name":"\\ud83d\\ude00 \\n \\\\u0000"}')

    assert Sku.objects.get().code == "A"
    assert Sku.objects.get().name == "\U0001f600 \n \\u0000"


def test_a_huge_integer_in_json_is_kept_exactly() -> None:
    run_raw(b'{"code":"A","name":"a","metadata":{"n":123456789012345678901234567890}}')

    assert Sku.objects.get().metadata == {"n": 123456789012345678901234567890}


@pytest.mark.parametrize("name", ["shipping_category_id", "shipping_category_name"])
def test_a_relation_is_cleared_by_null(name: str) -> None:
    SkuFactory.create(code="A")

    run_import(importers.get("skus"), [{"code": "A", name: None}])

    assert Sku.objects.get().shipping_category is None


def test_a_row_of_a_mebibyte_of_text_is_stored() -> None:
    text = "x" * 1_000_000

    import_ = run_import(importers.get("skus"), [{"code": "A", "name": "a", "description": text}])

    assert import_.created_count == 1
    assert Sku.objects.get().description == text


@pytest.mark.parametrize("name", ['"a"', "7"])
def test_a_zero_that_no_decimal_holds_holds_nobody_up(name: str) -> None:
    """Such rows are refused when they come; some may have been stored before that."""
    row = f'{{"code":"A","name":{name},"weight":0e99999999999999999999}}'.encode()

    import_ = run_raw(SOUND[0], row, SOUND[1], skip_errors=True)

    failed = int(name == "7")
    assert (import_.status, import_.created_count) == (Status.COMPLETED, 3 - failed)
    assert [*row_errors(import_)] == [1] * failed
