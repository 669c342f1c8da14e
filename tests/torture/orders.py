"""What the clients ask for: any order follows from the seed and its label alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.torture.rows import (
    BASE_SKUS,
    CATEGORIES,
    MAKERS,
    PARENTS,
    STOCK_LOCATIONS,
    Row,
    bad,
    id_of,
    price_lists,
)

MODES = ("test", "live")
CLIENTS = (1, 2)
UNDONE = 0.3  # of the orders take another one back
OLDEST, NEWEST = 7, 2  # of the orders before it


@dataclass(frozen=True)
class Order:
    """An import to be created; its label is its reference.

    In the attributes and rows the ids of base records are still as `id_of` wrote them.
    """

    label: str
    resource_type: str
    rows: list[Row]
    attributes: dict[str, Any] = field(default_factory=dict)

    @property
    def is_dry(self) -> bool:
        return bool(self.attributes.get("dry_run"))


@dataclass(frozen=True)
class UndoOrder:
    """An earlier order of the same client to be taken back, which may be such a one itself."""

    label: str
    target: str
    is_dry: bool


def base_orders() -> Iterator[Order]:
    """What is there before the torture begins, in either mode; rows may name these by id."""
    yield Order("base-1", "shipping_categories", [{"name": name} for name in CATEGORIES])
    yield Order("base-2", "skus", [{"code": code, "name": f"Base {code}"} for code in BASE_SKUS])
    yield Order("base-3", "price_lists", price_lists("EUR"))
    yield Order("base-4", "stock_locations", [{"name": name} for name in STOCK_LOCATIONS])


def order(seed: int, label: str) -> Order | UndoOrder:
    """The order with that label: `<mode>-<client>-<number>`, or the label of a base order."""
    for base in base_orders():
        if base.label == label:
            return base
    random = Random(f"{seed} {label}")
    client, number = label.rsplit("-", 1)
    if int(number) >= NEWEST and random.random() < UNDONE:
        target = f"{client}-{int(number) - random.randint(NEWEST, min(OLDEST, int(number)))}"
        return UndoOrder(label, target, is_dry=random.random() < 0.25)
    return _import_order(random, label)


def _import_order(random: Random, label: str) -> Order:
    resource_type, make = random.choice(list(MAKERS.items()))
    size = random.choice((1, 5, 40, 150, 400))
    share = random.choice((0, 0, 0.03, 0.3))
    rows = [bad(random) if random.random() < share else make(random) for _ in range(size)]
    if resource_type == "price_lists":
        rows += price_lists(random.choice(("EUR", "USD")))  # parents of others: cleanup keeps them
    return Order(label, resource_type, rows, _attributes(random, resource_type))


def _attributes(random: Random, resource_type: str) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "skip_errors": random.random() < 0.5,
        "cleanup_records": random.random() < 0.2,
        "dry_run": random.random() < 0.1,
        "all_or_nothing": random.random() < 0.1,
        "if_exists": random.choice(("update",) * 6 + ("skip", "fail")),
        "if_missing": random.choice(("create",) * 6 + ("skip", "fail")),
    }
    parents = PARENTS.get(resource_type)
    if parents and random.random() < 0.5:
        attributes["parent_resource_id"] = id_of(parents[0], random.choice(parents[1]))
    return attributes
