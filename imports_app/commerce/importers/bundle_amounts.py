"""The amounts of bundles, computed from the prices of the SKUs in their lists."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from imports_app.commerce.models import Bundle, Market, Price, SkuListItem
from imports_app.importer import Derivation, RowError

LARGEST = 2**63 - 1
# The instruction that asks for an amount, and the field that gets it.
AMOUNTS = {
    "_compute_price_amount": "price_amount_cents",
    "_compute_compare_at_amount": "compare_at_amount_cents",
}


class Basket(NamedTuple):
    """What an amount depends on: a market and a SKU list."""

    market: Any
    sku_list: Any


class Item(NamedTuple):
    """A SKU of a list."""

    sku: Any
    code: str
    quantity: int


def compute_amounts(rows: Sequence[Derivation]) -> None:
    """Set the amounts that rows ask for: quantity times price, summed over a list's items.

    Prices come from the market's price list. This takes four queries, however many rows there are.
    """
    asking = [row for row in rows if any(map(row.instructions.get, AMOUNTS))]
    if not asking:
        return
    baskets = _baskets(asking)
    price_lists = _price_lists({basket.market for basket in baskets})
    items = _items({basket.sku_list for basket in baskets})
    prices = _prices(price_lists.values(), items.values())
    for row, basket in zip(asking, baskets, strict=True):
        result = _sum(price_lists.get(basket.market), items.get(basket.sku_list, ()), prices)
        for field in _asked(row):
            if isinstance(result, int):
                row.fields[field] = result
            else:
                row.errors.append(RowError(field, "not_computable", result))


def _asked(row: Derivation) -> Iterator[str]:
    return (field for name, field in AMOUNTS.items() if row.instructions.get(name))


def _baskets(rows: Iterable[Derivation]) -> list[Basket]:
    """Return each row's market and list. What the row doesn't give is taken from its record."""
    ids = {row.pk for row in rows} - {None}
    records = Bundle.objects.filter(pk__in=ids).values_list("pk", "market_id", "sku_list_id")
    known = {pk: Basket(*parts) for pk, *parts in records}
    nothing = Basket(None, None)
    return [
        Basket(
            row.fields.get("market_id", known.get(row.pk, nothing).market),
            row.fields.get("sku_list_id", known.get(row.pk, nothing).sku_list),
        )
        for row in rows
    ]


def _price_lists(markets: Collection[Any]) -> dict[Any, Any]:
    """Return the price lists by market; a market may have none."""
    found = Market.objects.filter(pk__in=markets, price_list__isnull=False)
    return dict(found.values_list("pk", "price_list_id"))


def _items(sku_lists: Collection[Any]) -> Mapping[Any, list[Item]]:
    """Return the items of manual lists. For other lists, all SKUs would have to be matched."""
    found: dict[Any, list[Item]] = defaultdict(list)
    manual = SkuListItem.objects.filter(sku_list__in=sku_lists, sku_list__manual=True)
    items = manual.order_by("sku__code")
    rows = items.values_list("sku_list_id", "sku_id", "sku__code", "quantity")
    for sku_list, sku, code, quantity in rows:
        found[sku_list].append(Item(sku, code, quantity))
    return found


def _prices(
    price_lists: Iterable[Any], items: Iterable[Iterable[Item]]
) -> Mapping[tuple[Any, Any], int]:
    """Return the amounts by price list and SKU."""
    skus = {item.sku for of_list in items for item in of_list}
    found = Price.objects.filter(sku__in=skus, price_list__in=set(price_lists))
    amounts = found.values_list("price_list_id", "sku_id", "amount_cents")
    return {(price_list, sku): amount for price_list, sku, amount in amounts}


def _sum(
    price_list: Any, items: Sequence[Item], prices: Mapping[tuple[Any, Any], int]
) -> int | str:
    """Return the amount, or the reason why it can't be computed."""
    if price_list is None:
        return "can't be computed: there is no market with a price list"
    if not items:
        return "can't be computed: the SKU list is not manual, or has no items"
    if unpriced := [item.code for item in items if (price_list, item.sku) not in prices]:
        return f"can't be computed: {unpriced[0]} has no price in the market's price list"
    total = sum(item.quantity * prices[price_list, item.sku] for item in items)
    return total if abs(total) <= LARGEST else f"must be less than or equal to {LARGEST}"
