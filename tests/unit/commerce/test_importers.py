from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from imports_app.engine.types.messages import row_error
from imports_app.engine.types.row_type import validator as validator_of
from imports_app.engine.types.schema import schema_for
from imports_app.registry import importers

pytestmark = pytest.mark.backend


def validated(resource_type: str, row: dict[str, Any]) -> dict[str, Any]:
    validator = validator_of(schema_for(importers.get(resource_type)))
    values: dict[str, Any] = validator.validate_python(row, strict=True)
    return values


def errors(resource_type: str, row: dict[str, Any]) -> set[tuple[str, str]]:
    with pytest.raises(ValidationError) as caught:
        validated(resource_type, row)
    found = [row_error(details) for details in caught.value.errors()]
    return {(error.attribute, error.message) for error in found}


KEYS_AND_PARENTS = [
    ("addresses", (), None),
    ("bundles", ("code", "market"), "market"),
    ("coupon_codes_promotion_rules", ("name",), None),
    ("coupons", ("code", "promotion_rule"), "promotion_rule"),
    ("customer_addresses", ("customer", "address"), None),
    ("customer_groups", ("name",), None),
    ("customer_payment_sources", (), None),
    ("customer_subscriptions", ("customer", "reference"), None),
    ("customers", ("email",), None),
    ("gift_cards", ("code",), "market"),
    ("line_item_options", (), "line_item"),
    ("line_items", (), "order"),
    ("markets", ("name",), None),
    ("orders", ("number",), "market"),
    ("payment_methods", ("name",), None),
    ("price_lists", ("name",), None),
    ("price_tiers", ("price", "name"), "price"),
    ("prices", ("sku", "price_list"), "price_list"),
    ("shipping_categories", ("name",), None),
    ("sku_list_items", ("sku", "sku_list"), "sku_list"),
    ("sku_lists", ("name",), None),
    ("sku_options", ("name", "market"), "market"),
    ("skus", ("code",), None),
    ("stock_items", ("sku", "stock_location"), "stock_location"),
    ("stock_locations", ("name",), None),
    ("stock_transfers", ("number",), None),
    ("tags", ("name",), None),
    ("tax_calculators", ("name",), None),
    ("tax_categories", ("code", "tax_calculator"), "tax_calculator"),
]


def test_the_types_of_the_catalogue_are_registered() -> None:
    assert {name for name, _, _ in KEYS_AND_PARENTS} == {
        importer.resource_type
        for importer in importers
        if importer.model._meta.app_label == "commerce"
    }


@pytest.mark.parametrize(("resource_type", "key", "parent"), KEYS_AND_PARENTS)
def test_a_type_is_found_by_its_key_within_its_parent(
    resource_type: str, key: tuple[str, ...], parent: str | None
) -> None:
    importer = importers.get(resource_type)

    assert importer.key == key
    assert importer.parent == parent


@pytest.mark.parametrize(
    ("resource_type", "attribute"),
    [
        ("addresses", "city"),
        ("addresses", "country_code"),
        ("addresses", "line_1"),
        ("addresses", "phone"),
        ("bundles", "code"),
        ("bundles", "name"),
        ("coupon_codes_promotion_rules", "name"),
        ("coupons", "code"),
        ("customer_groups", "name"),
        ("customer_subscriptions", "reference"),
        ("customers", "email"),
        ("markets", "name"),
        ("payment_methods", "name"),
        ("price_lists", "currency_code"),
        ("price_lists", "name"),
        ("price_tiers", "name"),
        ("shipping_categories", "name"),
        ("sku_lists", "name"),
        ("sku_options", "name"),
        ("skus", "code"),
        ("skus", "name"),
        ("stock_locations", "name"),
        ("tags", "name"),
        ("tax_calculators", "name"),
        ("tax_categories", "code"),
    ],
)
@pytest.mark.parametrize("value", ["", "  ", None])
def test_a_required_text_must_not_be_blank(
    resource_type: str, attribute: str, value: str | None
) -> None:
    assert errors(resource_type, {attribute: value}) == {(attribute, "can't be blank")}


@pytest.mark.parametrize(
    ("resource_type", "attribute"),
    [
        ("addresses", "company"),
        ("addresses", "first_name"),
        ("addresses", "last_name"),
        ("gift_cards", "code"),
        ("orders", "number"),
        ("sku_lists", "sku_code_regex"),
        ("stock_transfers", "number"),
    ],
)
def test_a_text_that_a_record_may_need_is_not_empty(resource_type: str, attribute: str) -> None:
    assert errors(resource_type, {attribute: " "}) == {(attribute, "can't be blank")}


@pytest.mark.parametrize(
    "resource_type",
    ["bundles", "gift_cards", "markets", "payment_methods", "price_lists", "sku_options"],
)
@pytest.mark.parametrize("value", ["eur", "EURO", "E1R", "€", "EUR\n"])
def test_a_currency_code_is_three_capital_letters(resource_type: str, value: str) -> None:
    (error,) = errors(resource_type, {"currency_code": value})

    assert error[0] == "currency_code"


@pytest.mark.parametrize(
    ("resource_type", "attribute"),
    [("addresses", "country_code"), ("orders", "shipping_country_code_lock")],
)
@pytest.mark.parametrize("value", ["nl", "NLD", "N1", "N", "NL\n"])
def test_a_country_code_is_two_capital_letters(
    resource_type: str, attribute: str, value: str
) -> None:
    (error,) = errors(resource_type, {attribute: value})

    assert error[0] == attribute
    assert validated(resource_type, {attribute: "NL"})


@pytest.mark.parametrize(
    ("resource_type", "attribute"),
    [
        ("gift_cards", "balance_cents"),
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


@pytest.mark.parametrize("resource_type", ["line_items", "stock_transfers"])
def test_a_quantity_that_moves_is_at_least_one(resource_type: str) -> None:
    for quantity in (0, -1):
        assert errors(resource_type, {"quantity": quantity}) == {
            ("quantity", "must be greater than 0")
        }
    assert validated(resource_type, {"quantity": 1}) == {"quantity": 1}


def test_a_line_item_may_take_from_what_an_order_costs() -> None:
    assert validated("line_items", {"unit_amount_cents": -500}) == {"unit_amount_cents": -500}


def test_a_price_tier_is_of_one_of_two_types() -> None:
    for name in ("PriceVolumeTier", "PriceFrequencyTier"):
        assert validated("price_tiers", {"tier_type": name}) == {"tier_type": name}
        assert validated("price_tiers", {"type": name}) == {"tier_type": name}

    wrong = errors("price_tiers", {"tier_type": "PriceTier"})
    assert {attribute for attribute, _ in wrong} == {"tier_type"}


MOMENTS = [
    ("coupon_codes_promotion_rules", "expires_at"),
    ("coupon_codes_promotion_rules", "starts_at"),
    ("coupons", "expires_at"),
    ("gift_cards", "expires_at"),
    ("orders", "expires_at"),
]


@pytest.mark.parametrize(("resource_type", "attribute"), MOMENTS)
@pytest.mark.parametrize("value", ["2030-01-01T12:00:00Z", "2030-01-01T14:00:00.000+02:00"])
def test_a_moment_is_the_same_in_every_zone(resource_type: str, attribute: str, value: str) -> None:
    moment = datetime(2030, 1, 1, 12, tzinfo=UTC)

    assert validated(resource_type, {attribute: value}) == {attribute: moment}


@pytest.mark.parametrize(("resource_type", "attribute"), MOMENTS)
@pytest.mark.parametrize(
    "value",
    [
        "2030-01-01T12:00:00",
        "2030-01-01",
        "1893499200",
        1893499200,
        "soon",
        "",
        "2030-02-30T12:00:00Z",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+12:00",
        True,
        [],
    ],
)
def test_a_text_that_is_not_a_moment_everywhere_is_refused(
    resource_type: str, attribute: str, value: object
) -> None:
    assert errors(resource_type, {attribute: value}) == {
        (attribute, "is not a valid ISO 8601 datetime")
    }


@pytest.mark.parametrize("resource_type", ["sku_lists", "sku_options"])
@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(", "is invalid"),
        ("[z-a]", "is invalid"),
        ("x{99999999999999}", "is invalid"),
        ("(" * 2_000 + ")" * 2_000, "is invalid"),
        ("a" * 5_001, "is too long (maximum is 5000 characters)"),
        (")(", "is invalid"),
        ("a)", "is invalid"),
        ("[a-z", "is invalid"),
        ("[" * 5_000, "is invalid"),
        ("a\\", "is invalid"),
        ("*a", "is invalid"),
        ("(+a)", "is invalid"),
        ("a|*", "is invalid"),
        ("x{5,2}", "is invalid"),
    ],
)
def test_a_text_that_is_not_a_regex_in_any_dialect_is_refused(
    resource_type: str, pattern: str, message: str
) -> None:
    assert errors(resource_type, {"sku_code_regex": pattern}) == {("sku_code_regex", message)}


@pytest.mark.parametrize(
    "pattern",
    [
        "^(TEA|POT)-",
        r"\d{3}$",
        "a" * 5_000,
        "|".join(f"TEA-{n}" for n in range(600)),
        "[[a-z]--[aeiou]]",
        "^茶-[一-龥]+$",
        "茶" * 2_000,
        "(?i)[" + "".join(f"{chr(n)}-\uffff" for n in range(256, 1800)) + "]",
        "|".join(f"[{chr(n)}ab]" for n in range(256, 1000)),
        "[" + r"\u0100-\uffff" * 60 + "]",
        r"^(?<type>TEA|POT)-(?!0)\d++(?:-[[:alpha:]]{2,3})?$",
        r"[]\](){}*-]\(\[\{x{2}y{1,}z{3,4}",
        r"\A(?i:a(b(c)?)*+)\Z|(?#note)^$",
    ],
)
def test_a_regex_may_be_long_and_of_any_script_and_dialect(pattern: str) -> None:
    assert validated("sku_lists", {"sku_code_regex": pattern}) == {"sku_code_regex": pattern}


def test_a_unit_of_weight_is_one_of_three() -> None:
    for unit in ("gr", "oz", "lb", None):
        assert validated("skus", {"unit_of_weight": unit}) == {"unit_of_weight": unit}

    assert errors("skus", {"unit_of_weight": "kg"}) == {
        ("unit_of_weight", "must be one of 'gr', 'oz' or 'lb'")
    }


@pytest.mark.parametrize("name", ["new", "Best_seller-2", "a" * 25])
def test_a_tag_is_named_with_letters_digits_and_dashes(name: str) -> None:
    assert validated("tags", {"name": name}) == {"name": name}


@pytest.mark.parametrize("name", ["two words", "größe", "a,b", "new\nnew", "a" * 26])
def test_a_tag_of_any_other_name_is_refused(name: str) -> None:
    (error,) = errors("tags", {"name": name})

    assert error[0] == "name"


def test_an_email_is_kept_in_lower_case() -> None:
    assert validated("customers", {"email": "Ada@Example.COM"}) == {"email": "ada@example.com"}


@pytest.mark.parametrize(
    "email", ["ada", "ada@", "@example.com", "ada@example", "a da@example.com", "a@b@example.com"]
)
def test_an_address_that_no_message_can_be_sent_to_is_refused(email: str) -> None:
    assert errors("customers", {"email": email}) == {("email", "is invalid")}


@pytest.mark.parametrize("weight", [float("inf"), float("nan")])
def test_a_weight_is_finite(weight: float) -> None:
    assert errors("skus", {"weight": weight}) == {("weight", "is not a finite number")}


def test_null_clears_what_may_be_missing() -> None:
    row = {"description": None, "weight": None, "do_not_ship": None, "shipping_category_id": None}

    assert validated("skus", row) == row
