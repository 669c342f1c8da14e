from typing import Any

import pytest
from pydantic import ValidationError

from imports_app.engine.messages import row_error
from imports_app.engine.schema import schema_for
from imports_app.registry import importers


def validated(resource_type: str, row: dict[str, Any]) -> dict[str, Any]:
    validator = schema_for(importers.get(resource_type)).validator
    values: dict[str, Any] = validator.validate_python(row, strict=True)
    return values


def errors(resource_type: str, row: dict[str, Any]) -> set[tuple[str, str]]:
    with pytest.raises(ValidationError) as caught:
        validated(resource_type, row)
    found = [row_error(details) for details in caught.value.errors()]
    return {(error.attribute, error.message) for error in found}


def test_the_types_of_the_catalogue_are_registered() -> None:
    assert {
        "customers",
        "price_lists",
        "prices",
        "shipping_categories",
        "skus",
        "stock_items",
        "stock_locations",
        "tags",
    } <= {importer.resource_type for importer in importers}


@pytest.mark.parametrize(
    ("resource_type", "key", "parent"),
    [
        ("customers", ("email",), None),
        ("price_lists", ("name",), None),
        ("prices", ("sku", "price_list"), "price_list"),
        ("shipping_categories", ("name",), None),
        ("skus", ("code",), None),
        ("stock_items", ("sku", "stock_location"), "stock_location"),
        ("stock_locations", ("name",), None),
        ("tags", ("name",), None),
    ],
)
def test_a_type_is_found_by_its_key_within_its_parent(
    resource_type: str, key: tuple[str, ...], parent: str | None
) -> None:
    importer = importers.get(resource_type)

    assert importer.key == key
    assert importer.parent == parent


@pytest.mark.parametrize(
    ("resource_type", "attribute"),
    [
        ("customers", "email"),
        ("price_lists", "currency_code"),
        ("price_lists", "name"),
        ("shipping_categories", "name"),
        ("skus", "code"),
        ("skus", "name"),
        ("stock_locations", "name"),
        ("tags", "name"),
    ],
)
@pytest.mark.parametrize("value", ["", "  ", None])
def test_a_required_text_must_not_be_blank(
    resource_type: str, attribute: str, value: str | None
) -> None:
    assert errors(resource_type, {attribute: value}) == {(attribute, "can't be blank")}


@pytest.mark.parametrize("value", ["eur", "EURO", "E1R", "€"])
def test_a_currency_code_is_three_capital_letters(value: str) -> None:
    (error,) = errors("price_lists", {"currency_code": value})

    assert error[0] == "currency_code"


@pytest.mark.parametrize(
    ("resource_type", "attribute"),
    [
        ("prices", "amount_cents"),
        ("prices", "compare_at_amount_cents"),
        ("stock_items", "quantity"),
    ],
)
def test_an_amount_must_not_be_negative_nor_larger_than_a_column_holds(
    resource_type: str, attribute: str
) -> None:
    assert errors(resource_type, {attribute: -1}) == {
        (attribute, "must be greater than or equal to 0")
    }
    assert errors(resource_type, {attribute: 2**63}) == {
        (attribute, "must be less than or equal to 9223372036854775807")
    }
    assert validated(resource_type, {attribute: 2**63 - 1})


def test_a_unit_of_weight_is_one_of_three() -> None:
    for unit in ("gr", "oz", "lb", None):
        assert validated("skus", {"unit_of_weight": unit}) == {"unit_of_weight": unit}

    assert errors("skus", {"unit_of_weight": "kg"}) == {
        ("unit_of_weight", "must be one of 'gr', 'oz' or 'lb'")
    }


@pytest.mark.parametrize("name", ["new", "Best_seller-2", "a" * 25])
def test_a_tag_is_named_with_letters_digits_and_dashes(name: str) -> None:
    assert validated("tags", {"name": name}) == {"name": name}


@pytest.mark.parametrize("name", ["two words", "größe", "a,b", "new\n", "a" * 26])
def test_a_tag_of_any_other_name_is_refused(name: str) -> None:
    (error,) = errors("tags", {"name": name})

    assert error[0] == "name"


def test_an_email_is_kept_in_lower_case() -> None:
    assert validated("customers", {"email": "Ada@Example.COM"}) == {"email": "ada@example.com"}


@pytest.mark.parametrize(
    "email", ["ada", "ada@", "@example.com", "ada@example", "a da@example.com", "a@b@example.com"]
)
def test_what_no_message_can_be_sent_to_is_no_email(email: str) -> None:
    assert errors("customers", {"email": email}) == {("email", "is invalid")}


@pytest.mark.parametrize("weight", [float("inf"), float("nan")])
def test_a_weight_is_finite(weight: float) -> None:
    assert errors("skus", {"weight": weight}) == {("weight", "is not a finite number")}


def test_null_clears_what_may_be_missing() -> None:
    row = {"description": None, "weight": None, "do_not_ship": None, "shipping_category_id": None}

    assert validated("skus", row) == row
