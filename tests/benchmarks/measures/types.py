"""Rows per second of every type of the catalogue, each against SKUs."""

from collections.abc import Callable, Iterator
from itertools import count

from imports_app.commerce.models import Sku
from imports_app.importer import Importer
from imports_app.models import Mode
from imports_app.models.status import Status
from imports_app.registry import importers
from imports_app.storage.log import errors_log
from tests.benchmarks.bench import Bench, measure
from tests.benchmarks.contenders.engine import stored, work_until_idle
from tests.benchmarks.harness import Line, Run, Seconds, rates, timed
from tests.benchmarks.rows import Row
from tests.benchmarks.store import clear, settle
from tests.factories import new_row

Vary = Callable[[Row, int], Row]
REFERENCE = "skus"
PASSWORDS = 500  # each takes milliseconds, on purpose


@measure()
def types(bench: Bench) -> Iterator[Line]:
    """New records of each type, and of those that bring others along with them."""
    clear()
    rows = bench.scale.import_rows
    skus = (Sku(code=_sku(n), name="n", mode=Mode.TEST) for n in range(rows))
    Sku.objects.bulk_create(skus, batch_size=1_000)
    runs: dict[str, Run] = {
        importer.resource_type: _importing(importer, rows) for importer in importers
    }
    for name, (resource_type, vary) in BRINGING.items():
        runs[name] = _importing(importers.get(resource_type), rows, vary)
    passwords = min(rows, PASSWORDS)
    hashing = f"customers with passwords, {passwords}"
    runs[hashing] = _importing(importers.get("customers"), passwords, _password)
    settle()
    samples = bench.interleaved(**runs)
    for name in runs:
        pair = {"ours": samples[name], REFERENCE: samples[REFERENCE]}
        size = passwords if name == hashing else rows
        yield rates(f"{name} : {REFERENCE}", pair, rows=size, reference_rows=rows)


def _importing(importer: Importer, size: int, vary: Vary = lambda row, _: row) -> Run:
    template = new_row(importer, mode=Mode.TEST)
    numbers = count(1)

    def run() -> Seconds:
        start = next(numbers) * size
        rows = [vary(_distinct(importer, template, start + n, n), start + n) for n in range(size)]
        import_ = stored(rows, importer.resource_type)
        seconds = timed(work_until_idle)
        import_.refresh_from_db()
        done = (import_.status, import_.processed_count) == (Status.COMPLETED, size)
        assert done, [*errors_log(import_).items()][:2]
        return seconds

    return run


def _distinct(importer: Importer, template: Row, number: int, place: int) -> Row:
    """The row with values of its own in every attribute that must be unique."""
    row = dict(template)
    for name in UNIQUE & row.keys():
        row[name] = f"{number:09}@example.com" if name == "email" else f"N-{number:09}"
    if "sku" in importer.key and row.pop("sku_id", None):
        row["sku_code"] = _sku(place)
        row[AMOUNTS[importer.resource_type]] = number  # the second round updates the first one's
    if "customer" in importer.key and row.pop("customer_id", None):
        row["customer_email"] = f"{importer.resource_type}-{number:09}@example.com"
    return row


AMOUNTS = {"prices": "amount_cents", "stock_items": "quantity", "sku_list_items": "quantity"}
UNIQUE = {"code", "email", "name", "number", "profile_id", "reference", "shopper_reference"}


def _sku(number: int) -> str:
    return f"SKU-{number:06}"


def _order(row: Row, number: int) -> Row:
    del row["customer_id"]
    items = [{"sku_code": _sku(n), "quantity": 1, "unit_amount_cents": 100} for n in range(2)]
    brought = {"customer_email": f"of-an-order-{number:09}@example.com", "tags": ["new", "sale"]}
    return row | brought | {"line_items": items}


def _price(row: Row, _: int) -> Row:
    tiers = [{"name": name, "price_amount_cents": 100} for name in ("a", "b")]
    return row | {"price_tiers": tiers}


def _address(row: Row, number: int) -> Row:
    del row["address_id"]
    place = {"line_1": f"{number} Road", "city": "Town", "country_code": "GB", "phone": "1"}
    return row | {"address": place | {"first_name": "Ada", "last_name": "Byron"}}


def _password(row: Row, number: int) -> Row:
    own = dict.fromkeys(("shopper_reference", "profile_id"), f"secret-{number}")
    return row | own | {"email": f"secret-{number}@example.com", "password": f"secret {number}"}


BRINGING: dict[str, tuple[str, Vary]] = {
    "orders with customer, 2 line items, 2 tags": ("orders", _order),
    "prices with 2 tiers": ("prices", _price),
    "customer_addresses with the address": ("customer_addresses", _address),
    "skus with 2 tags": ("skus", lambda row, _: row | {"tags": ["new", "sale"]}),
}
