"""Which import may run now: the order of creation where they could touch, else side by side."""

from typing import Any

import pytest

from imports_app.models import Import, Mode
from imports_app.queue import transitions
from imports_app.queue.scheduling import claim_next, count_runnable, queue_position, runnable
from tests.factories.clients import ApiClientFactory
from tests.factories.imports import ImportFactory

pytestmark = pytest.mark.django_db


def queue(*types: str, **attributes: Any) -> list[Import]:
    """Pending imports of these types, in order of creation; `!` behind one asks for cleanup."""
    return [
        ImportFactory.create(
            resource_type=name.rstrip("!"), cleanup_records=name.endswith("!"), **attributes
        )
        for name in types
    ]


def runnable_of(imports: list[Import]) -> list[int]:
    """The places of those that may run."""
    places = {import_.pk: place for place, import_ in enumerate(imports)}
    return [places[entry.pk] for entry in runnable(Mode.TEST)]


@pytest.mark.parametrize(
    ("types", "may_run"),
    [
        (["skus", "skus", "skus"], [0]),
        (["skus", "tax_calculators", "customers"], [0, 1, 2]),
        (["skus", "prices"], [0]),
        (["prices", "skus"], [0]),
        (["prices", "stock_items"], [0, 1]),
        (["shipping_categories", "prices"], [0, 1]),
        (["shipping_categories", "skus", "prices"], [0]),
        (["skus", "prices", "price_lists"], [0]),
        (["skus!", "tax_calculators"], [0, 1]),
        (["skus!", "prices"], [0]),
        (["prices", "skus!"], [0]),
        (["price_lists!", "stock_locations!"], [0, 1]),
        # Children are written with their parents, customers made by email, addresses inline.
        (["orders", "line_items"], [0]),
        (["line_items", "orders"], [0]),
        (["orders", "customers"], [0]),
        (["customers", "customer_subscriptions"], [0]),
        (["customer_addresses", "addresses"], [0]),
        # A bundle's amounts are derived from prices; tags are looked at, but whoever makes them.
        (["bundles", "prices"], [0]),
        (["skus", "tags"], [0]),
        (["skus", "gift_cards"], [0, 1]),
    ],
)
def test_imports_that_could_touch_the_same_records_wait_for_each_other(
    types: list[str], may_run: list[int]
) -> None:
    assert runnable_of(queue(*types)) == may_run
    assert count_runnable() == len(may_run)


def test_a_held_import_is_not_runnable_and_stands_in_the_way() -> None:
    imports = queue("skus", "skus", "tax_calculators")
    assert transitions.claim(imports[0].pk)

    assert runnable_of(imports) == [2]


def test_a_final_import_stands_in_nobodys_way() -> None:
    imports = queue("skus", "skus")
    assert transitions.withdraw(imports[0].pk)

    assert runnable_of(imports) == [1]


def test_the_modes_do_not_touch() -> None:
    imports = queue("skus", mode=Mode.LIVE) + queue("skus", mode=Mode.TEST)

    assert [entry.pk for entry in runnable(Mode.LIVE)] == [imports[0].pk]
    assert runnable_of(imports) == [1]
    assert count_runnable() == 2


def test_a_type_that_is_no_longer_registered_waits_for_no_other() -> None:
    imports = queue("skus", "gone", "gone")
    assert runnable_of(imports) == [0, 1]
    assert transitions.withdraw(imports[1].pk)
    assert runnable_of(imports) == [0, 2]


def test_claims_take_what_may_run_and_then_nothing() -> None:
    imports = queue("skus", "skus", "tax_calculators")

    leases = [claim_next(), claim_next(), claim_next()]

    assert {lease.import_id for lease in leases if lease} == {imports[0].pk, imports[2].pk}
    assert leases[2] is None


def test_the_client_that_waited_longest_comes_first() -> None:
    one, other = ApiClientFactory.create(), ApiClientFactory.create()
    imports = queue("skus", "tax_calculators", client=one) + queue("customers", client=other)

    claimed = [lease.import_id for _ in range(3) if (lease := claim_next())]

    assert claimed == [imports[0].pk, imports[2].pk, imports[1].pk]


def test_a_position_counts_only_what_the_import_waits_for() -> None:
    imports = queue("skus", "tax_calculators", "skus", "prices", "tax_calculators")

    assert [queue_position(import_) for import_ in imports] == [1, 1, 2, 3, 2]


def test_a_position_goes_down_as_those_before_it_end() -> None:
    imports = queue("skus", "skus", "skus")

    transitions.withdraw(imports[0].pk)

    assert queue_position(imports[2]) == 2
