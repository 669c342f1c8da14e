from io import BytesIO
from typing import Any

import pytest

from imports_app.engine.reading import target_of
from imports_app.engine.types import schema_for
from imports_app.inputs import FileOptions, InputsRefused, OptionsRefused, Reader
from imports_app.inputs.cell_form import CellForm
from imports_app.inputs.kinds import Kind
from imports_app.inputs.transforms import suits, transformed
from imports_app.registry import importers

CENTS = Kind("amount_cents", {"type": "integer"}, {})
FLAG = Kind("do_not_ship", {"type": "boolean"}, {})
TAGS = Kind("tags", {"type": "array", "items": {"type": "string"}}, {})
MOMENT = Kind("expires_at", {"type": "string", "format": "date-time"}, {})
TEXT = Kind("name", {"type": "string"}, {})


def read(text: str, **options: Any) -> Any:
    target = target_of(schema_for(importers.get("prices")))
    return Reader(target=target, options=FileOptions.of(options)).read(BytesIO(text.encode()))


@pytest.mark.parametrize(
    ("kind", "transform", "decimal", "cell", "value"),
    [
        (CENTS, "cents", ".", "10.99", 1099),
        (CENTS, "cents", ",", "10,99", 1099),
        (CENTS, "cents", ",", "1.234,5 €", 123_450),
        (CENTS, "cents", ".", "EUR 12", 1200),
        (CENTS, "cents", ".", "12 USD", 1200),
        (CENTS, "cents", ".", "-0.5", -50),
        (CENTS, "cents", None, 10.99, 1099),
        (FLAG, "words", None, "Ja", True),
        (FLAG, "words", None, "non", False),
        (FLAG, "words", None, True, True),
        (TAGS, "split", None, "red; blue|green,,", ["red", "blue", "green"]),
        (MOMENT, "dmy", None, "31.12.2025", "2025-12-31T00:00:00Z"),
        (MOMENT, "mdy", None, "12/31/2025", "2025-12-31T00:00:00Z"),
    ],
)
def test_a_cell_is_what_the_transform_makes_of_it(
    kind: Kind, transform: str, decimal: str | None, cell: Any, value: Any
) -> None:
    assert transformed(kind, CellForm(decimal=decimal), transform)(cell) == value


@pytest.mark.parametrize(
    ("kind", "transform", "cell", "words"),
    [
        (CENTS, "cents", "10.999", "is not an amount such as 12.50: '10.999'"),
        (CENTS, "cents", "1e9", "is not an amount"),
        (CENTS, "cents", "cheap", "is not an amount"),
        (CENTS, "cents", "#N/A", "is the error #N/A of a spreadsheet"),
        (FLAG, "words", "perhaps", "is not a known word for yes or no: 'perhaps'"),
    ],
)
def test_a_cell_that_no_value_can_be_made_of_is_a_misfit(
    kind: Kind, transform: str, cell: str, words: str
) -> None:
    misfit = transformed(kind, CellForm(decimal="."), transform)(cell)

    assert words in misfit.message


def test_each_transform_suits_some_kinds() -> None:
    kinds = {"cents": CENTS, "words": FLAG, "split": TAGS, "dmy": MOMENT, "mdy": MOMENT}

    for transform, suited in kinds.items():
        others = {CENTS, FLAG, TAGS, MOMENT, TEXT} - {suited}
        assert suits(transform, suited)
        assert not any(suits(transform, other) for other in others)
    assert suits("clear", TEXT)


def test_the_currency_does_not_hide_the_decimal_sign() -> None:
    source = read(
        'sku_code,price_list_name,amount_cents\nA,B,"9,90 €"\n',
        transforms={"amount_cents": "cents"},
    )

    assert source.file is not None
    assert source.file["decimal"] == ","
    assert source.file["transforms"] == {"amount_cents": "cents"}


def test_an_amount_that_can_be_read_in_two_ways_is_asked_about() -> None:
    text = 'sku_code,price_list_name,amount_cents\nA,B,"1.000 €"\n'

    with pytest.raises(InputsRefused, match=r"can be read in two ways"):
        read(text, transforms={"amount_cents": "cents"})


def test_an_empty_cell_clears_where_its_column_says_so() -> None:
    text = "sku_code,price_list_name,amount_cents,reference\nA,B,1,\n"

    (row,) = read(text, transforms={"reference": "clear"}).rows
    assert b'"reference":null' in bytes(row)


@pytest.mark.parametrize(
    ("transforms", "words"),
    [
        ({"colour": "clear"}, "has no column 'colour'"),
        ({"sku_code": "cents"}, "no 'cents' suits"),
    ],
)
def test_a_transform_that_does_not_suit_its_column_is_refused(
    transforms: dict[str, str], words: str
) -> None:
    with pytest.raises(InputsRefused, match=words):
        read("sku_code,price_list_name,amount_cents\nA,B,1\n", transforms=transforms)


@pytest.mark.parametrize("sent", [[], {"a": "upper"}, {"a": None}, {"a": ["cents"]}])
def test_transforms_of_another_form_are_refused(sent: Any) -> None:
    with pytest.raises(OptionsRefused, match="transforms must"):
        FileOptions.of({"transforms": sent})
