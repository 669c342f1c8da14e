"""The rows of the imports, made by chance."""

from random import Random
from typing import Any

Row = dict[str, Any]

BASE_SKUS = [f"B{number:03}" for number in range(60)]
SKUS = [*BASE_SKUS, *(f"S{number:03}" for number in range(140))]
CATEGORIES = [f"Category {number}" for number in range(8)]
PRICE_LISTS = [f"List {number}" for number in range(3)]
STOCK_LOCATIONS = [f"Hall {number}" for number in range(3)]
TAGS = ["trade", "gift", "new", "old", "red"]
EMAILS = [f"customer{number}@example.com" for number in range(150)]

# Stands in a row or attribute for the id of a base record: ids differ from database to database.
ID_OF = "@id-of:"


def id_of(resource_type: str, key: str) -> str:
    """To be replaced by the id that this base record has in the database at hand."""
    return f"{ID_OF}{resource_type}:{key}"


def with_ids(value: Any, ids: dict[str, str]) -> Any:
    """The value with every `id_of` in it replaced; a row or attribute, or several."""
    if isinstance(value, dict):
        return {name: with_ids(item, ids) for name, item in value.items()}
    if isinstance(value, list):
        return [with_ids(item, ids) for item in value]
    return ids[value] if isinstance(value, str) and value.startswith(ID_OF) else value


def price_lists(currency: str) -> list[Row]:
    return [{"name": name, "currency_code": currency} for name in PRICE_LISTS]


def _shipping_category(random: Random) -> Row:
    number = random.randrange(40)
    row = {"name": f"Category {number}", "code": f"C{number}"}
    return _some(random, row, required=("name",)) | _labels(random)


def _sku(random: Random) -> Row:
    code = random.choice(SKUS)
    row: Row = {
        "code": code,
        "name": f"Name {random.randrange(4)}",
        "weight": random.choice((1.5, 2, None)),
        "unit_of_weight": random.choice(("gr", "oz", None)),
        "pieces_per_pack": random.choice((1, 6, 2**31 if random.random() < 0.02 else 12)),
        "description": random.choice(("Ünïcode 𝄞", "", None)),
        "do_not_ship": random.choice((True, False)),
        **_category_link(random),
    }
    if random.random() < 0.2:  # by id, its key changing now and then
        row["id"] = id_of("skus", random.choice(BASE_SKUS))
        return _some(random, row, required=("id",)) if random.random() < 0.2 else _without_code(row)
    return _some(random, row, required=("code", "name") if random.random() < 0.8 else ("code",))


def _without_code(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "code"}


def _category_link(random: Random) -> Row:
    number = random.randrange(12)
    if number < len(CATEGORIES) and random.random() < 0.3:
        return {"shipping_category_id": id_of("shipping_categories", CATEGORIES[number])}
    return {"shipping_category_name": f"Category {number}"}


def _price_list(random: Random) -> Row:
    number = random.randrange(30)
    row = {
        "name": f"List {number}",
        "currency_code": random.choice(("EUR", "USD", "GBP")),
        "tax_included": random.choice((True, False)),
    }
    return row | _labels(random)


def _price(random: Random) -> Row:
    row = {
        "sku_code": random.choice(BASE_SKUS if random.random() < 0.9 else SKUS),
        "amount_cents": random.randrange(100, 104),
        "compare_at_amount_cents": random.choice((None, 200)),
        "rules": {"rule": random.randrange(2)},
    }
    if random.random() < 0.7:
        row |= _parent_link(random, "price_list", "price_lists", PRICE_LISTS)
    return _some(random, row | _tiers(random), required=("sku_code", "amount_cents"))


def _tiers(random: Random) -> Row:
    """Children of a price."""
    names = random.sample(("small", "middle", "large"), random.choice((0, 0, 0, 1, 2)))
    return {"price_tiers": [{"name": n, "price_amount_cents": random.randrange(3)} for n in names]}


def _stock_item(random: Random) -> Row:
    row = {
        "sku_code": random.choice(BASE_SKUS if random.random() < 0.9 else SKUS),
        "quantity": random.randrange(-1, 40) if random.random() < 0.2 else random.randrange(4),
    }
    link = _parent_link(random, "stock_location", "stock_locations", STOCK_LOCATIONS)
    return row | link if random.random() < 0.7 else row


def _parent_link(random: Random, name: str, resource_type: str, keys: list[str]) -> Row:
    key = random.choice(keys)
    if random.random() < 0.5:
        return {f"{name}_id": id_of(resource_type, key)}
    return {f"{name}_name": key}


def _customer(random: Random) -> Row:
    email = random.choice(EMAILS)
    row = {
        "email": email.upper() if random.random() < 0.1 else email,
        "profile_id": f"profile of {email}",
        "tax_exemption_code": random.choice((None, "", "T1")),
        "tags": random.sample(TAGS, random.choice((0, 1, 3))),
    }
    return _some(random, row, required=("email",)) | _labels(random)


def _subscription(random: Random) -> Row:
    """It creates its customer if nobody has that email."""
    email = random.choice(EMAILS) if random.random() < 0.7 else f"new{random.randrange(60)}@x.org"
    return {"customer_email": email, "reference": f"R{random.randrange(3)}"}


def _sku_list(random: Random) -> Row:
    """With its items, which are children."""
    codes = random.sample(SKUS if random.random() < 0.05 else BASE_SKUS, random.choice((0, 1, 4)))
    items = [{"sku_code": code, "quantity": random.randrange(3)} for code in codes]
    row = {
        "name": f"SKU list {random.randrange(20)}",
        "description": random.choice((None, "a", "b")),
        "manual": True,
        "sku_list_items": items,
    }
    return _some(random, row, required=("name",))


def _labels(random: Random) -> Row:
    labels = {"reference": f"R{random.randrange(5)}", "metadata": {"n": random.randrange(3)}}
    return _some(random, labels, required=())


def bad(random: Random) -> Row:
    """Rows that fail for every type, readable key or not."""
    return random.choice(
        (
            {"id": "999999999999"},
            {"id": "no id"},
            {"code": 5, "name": 5, "email": 5, "sku_code": 5},
            {"code": "S001", "name": "x", "colour": "unknown"},
            {"name": "nul \0", "code": "S002", "email": "a\0b@example.com"},
            {"code": "S003", "weight": "heavy", "sku_code": "S003", "email": "no address"},
            {},
        )
    )


def _some(random: Random, row: Row, *, required: tuple[str, ...]) -> Row:
    """A partial row, its attributes in any order."""
    names = [name for name in row if name in required or random.random() < 0.6]
    random.shuffle(names)
    return {name: row[name] for name in names}


MAKERS = {
    "shipping_categories": _shipping_category,
    "skus": _sku,
    "price_lists": _price_list,
    "prices": _price,
    "stock_items": _stock_item,
    "customers": _customer,
    "customer_subscriptions": _subscription,
    "sku_lists": _sku_list,
}
PARENTS = {
    "prices": ("price_lists", PRICE_LISTS),
    "stock_items": ("stock_locations", STOCK_LOCATIONS),
}
BASE_KEYS = {
    "shipping_categories": "name",
    "skus": "code",
    "price_lists": "name",
    "stock_locations": "name",
}
