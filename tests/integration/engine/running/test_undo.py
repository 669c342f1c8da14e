"""Undo: what an import changed is put back, as far as nobody changed it since."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imports_app.commerce.models import (
    Customer,
    LineItem,
    Order,
    Price,
    ShippingCategory,
    Sku,
    Tag,
)
from imports_app.engine import writers
from imports_app.engine.writers import OrmWriter
from imports_app.exceptions import ChangesNotKept, NothingToUndo, UndoneAlready
from imports_app.models import Import, KeptChanges
from imports_app.models.status import Status
from imports_app.outputs.selection import entries
from imports_app.registry import importers
from imports_app.services.undoing import undo_import
from imports_app.storage.log import errors_log, warnings_log
from tests.emptying import empty, imports_and_records
from tests.factories.commerce import (
    CustomerFactory,
    LineItemFactory,
    MarketFactory,
    OrderFactory,
    PriceFactory,
    PriceListFactory,
    ShippingCategoryFactory,
    SkuFactory,
    TagFactory,
)
from tests.integration.reliability.workers import claim, work_and_die, work_until_idle
from tests.running import Row, counts, done, run_import, run_to_end

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["of the database", "of the ORM"], autouse=True)
def writer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "of the ORM":
        if connection.vendor == "postgresql":
            pytest.skip("cleanup counts on the constraints as PostgreSQL's own writer sets them")
        monkeypatch.setitem(writers.WRITERS, connection.vendor, OrmWriter)


def undone(import_: Import, **options: Any) -> Import:
    undo = run_to_end(undo_import(import_=import_, **options))
    assert (undo.status, errors_log(undo)) == (Status.COMPLETED, {})
    return undo


def everything() -> dict[str, list[dict[str, Any]]]:
    """All records of the shop, but for when they were last written."""
    found = {}
    for model in apps.get_app_config("commerce").get_models(include_auto_created=True):
        rows = model._base_manager.order_by("pk").values()
        through = model._meta.auto_created
        found[model._meta.label] = [
            {n: v for n, v in row.items() if n != "updated_at" and not (through and n == "id")}
            for row in rows
        ]
        if through:  # a tie that is made again is another line
            found[model._meta.label].sort(key=repr)
    return found


def skus(**names: str) -> list[Row]:
    return [{"code": code, "name": name} for code, name in names.items()]


def test_created_records_go_and_updated_ones_get_their_values_back() -> None:
    SkuFactory.create(code="OLD", name="old", weight=2)
    before = everything()
    import_ = done("skus", *skus(OLD="x", NEW="new"), {"code": "OLD", "weight": 3})

    undo = undone(import_)

    assert everything() == before
    assert (undo.inputs_size, counts(undo)) == (3, (0, 2, 1, 0))
    assert (undo.destroyed_count, undo.warnings_count, undo.undo_of) == (1, 0, import_)


def test_an_undo_can_be_undone() -> None:
    SkuFactory.create(code="OLD", name="old")
    import_ = done("skus", *skus(OLD="x", NEW="new"))
    after = everything()

    undo = undone(import_)
    again = undone(undo)

    assert everything() == after
    assert counts(again) == (1, 1, 0, 0)


def test_a_record_that_changed_since_is_left_and_named() -> None:
    SkuFactory.create(code="A", name="a", weight=1)
    SkuFactory.create(code="B", name="b")
    import_ = done("skus", *skus(A="x", B="y", C="c", D="d"))
    Sku.objects.filter(code="A").update(name="mine")
    Sku.objects.filter(code="B").update(weight=5)
    Sku.objects.filter(code="C").update(weight=5)
    Sku.objects.filter(code="D").delete()

    undo = undone(import_)

    assert dict(Sku.objects.values_list("code", "name")) == {"A": "mine", "B": "b", "C": "c"}
    assert counts(undo) == (0, 1, 3, 0)
    assert warnings_log(undo) == {
        "A": ["was left as it is: name changed since"],
        "C": ["was left as it is: weight changed since"],
        "D": ["was left as it is: it is gone"],
    }


def test_nothing_is_written_if_everything_changed_since() -> None:
    SkuFactory.create(code="A", name="a")
    import_ = done("skus", *skus(A="x"))
    Sku.objects.update(name="mine")

    undo = undone(import_)

    assert (counts(undo), Sku.objects.get().name) == ((0, 0, 1, 0), "mine")


def test_a_record_that_others_refer_to_by_now_is_left() -> None:
    import_ = done("skus", *skus(A="a", B="b"))
    PriceFactory.create(sku=Sku.objects.get(code="A"))

    undo = undone(import_)

    assert warnings_log(undo) == {"A": ["was left as it is: other records refer to it by now"]}
    assert [sku.code for sku in Sku.objects.all()] == ["A"]
    assert Price.objects.count() == 1


def test_children_tags_and_targets_made_for_a_row_belong_to_it() -> None:
    market = MarketFactory.create()
    sku = SkuFactory.create(code="S")
    order = OrderFactory.create(number="1", market=market)
    order.tags.add(TagFactory.create(name="old"))
    before = everything()
    item: Row = {"sku_code": sku.code, "quantity": 2}
    rows: list[Row] = [
        {"number": number, "market_id": str(market.pk), "customer_email": f"{number}@shop.test",
         "line_items": [{**item, "reference": "a"}, {**item, "reference": "b"}], "tags": ["new"]}
        for number in "12"
    ]  # fmt: skip
    import_ = done("orders", *rows)
    assert (Order.objects.count(), LineItem.objects.count(), Customer.objects.count()) == (2, 4, 3)

    undo = undone(import_)

    assert warnings_log(undo) == {
        str(Tag.objects.get(name="new").pk): ["was left as it is: created tags stay"]
    }
    Tag.objects.get(name="new").delete()
    assert everything() == before


def test_a_cleanup_s_records_come_back_under_their_ids_with_what_went_along() -> None:
    price = PriceFactory.create()
    PriceListFactory.create()
    order = OrderFactory.create()
    order.tags.add(TagFactory.create(), TagFactory.create())
    before = everything()
    orders = done(
        "orders", {"number": "x", "market_id": str(order.market_id)}, cleanup_records=True
    )
    prices = done("price_lists", {"name": "x", "currency_code": "EUR"}, cleanup_records=True)
    assert orders.destroyed_count == 1
    assert prices.destroyed_count in (1, 2)

    undone(prices)
    undone(orders)

    assert everything() == before
    assert Price.objects.filter(pk=price.pk).exists()


def test_what_goes_along_is_kept_in_the_order_of_ids_however_the_table_has_it() -> None:
    links = Customer.tags.through
    customers = [CustomerFactory.create(), CustomerFactory.create()]
    for tag in TagFactory.create_batch(5):
        for customer in reversed(customers):
            customer.tags.add(tag)
    made = [str(pk) for pk in sorted(links.objects.values_list("pk", flat=True))]
    links.objects.filter(pk=made[0]).update(tag=TagFactory.create())  # PostgreSQL moves it
    cleaned = done("customers", {"email": "x@example.com"}, cleanup_records=True)

    assert [each.pk for each in entries(cleaned) if each.model is links] == made


def test_a_record_that_would_refer_to_a_missing_one_is_left() -> None:
    gone, there, other = (ShippingCategoryFactory.create() for _ in range(3))
    SkuFactory.create(code="A", name="a", shipping_category=gone)
    SkuFactory.create(code="B", name="b", shipping_category=there)
    SkuFactory.create(code="C", name="c", shipping_category=None)
    rows: list[Row] = [{**row, "shipping_category_id": str(other.pk)} for row in skus(A="x", B="y")]
    import_ = done("skus", *rows, {"code": "C", "shipping_category_id": str(other.pk)})
    gone.delete()

    undo = undone(import_)

    assert warnings_log(undo) == {
        "A": ["was left as it is: what shipping_category referred to is gone"]
    }
    assert dict(Sku.objects.values_list("code", "shipping_category")) == {
        "A": other.pk,
        "B": there.pk,
        "C": None,
    }


@pytest.fixture
def odd_columns() -> Iterator[None]:
    """Columns called as the parts of a statement might be, which a model need not know of."""
    names = ("old0", "new0", "changed0", "place", "pk")
    tables = [model._meta.db_table for model in (Sku, ShippingCategory)]
    adding = ", ".join(f"ADD COLUMN {name} integer" for name in names)
    dropping = ", ".join(f"DROP COLUMN {name}" for name in names)
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} {adding}")
        yield
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} {dropping}")


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="only there a statement names columns of its own"
)
@pytest.mark.usefixtures("odd_columns")
def test_a_table_may_have_columns_of_any_name() -> None:
    before, after = (ShippingCategoryFactory.create(name=name) for name in ("before", "after"))
    SkuFactory.create(code="A", name="a", shipping_category=before)

    undo = undone(done("skus", {"code": "A", "name": "b", "shipping_category_id": str(after.pk)}))

    assert counts(undo) == (0, 1, 0, 0)
    assert Sku.objects.get().shipping_category == before


ODD = ["\\N", "\\", "a\tb", "a\nb", "\x01|", '"{,}"', "é𝄞", "NULL", "'", "%s", "\\n"]


@pytest.mark.parametrize("odd", [ODD, ["plain", "%", "NULL", "''"], ["x"]], ids=len)
@pytest.mark.parametrize("first", [None, ""])
def test_odd_values_go_back_and_forth(odd: list[str], first: str | None) -> None:
    for n, name in enumerate(odd):
        SkuFactory.create(code=f"C{n}", name=name, description=first, image_url=None)
    before = everything()
    rows: list[Row] = [
        {"code": f"C{n}", "name": f"{odd[n - 1]}!", "description": name, "image_url": ""}
        for n, name in enumerate(odd)
    ]
    import_ = done("skus", *rows, rows[0] | {"weight": 7})
    after = everything()

    undo = undone(import_)
    assert (everything(), undo.warnings_count) == (before, 0)
    again = undone(undo)
    assert (everything(), again.warnings_count) == (after, 0)
    assert counts(again) == counts(undo)


def test_the_attributes_of_differing_rows_all_come_back() -> None:
    for code in "ABC":
        SkuFactory.create(code=code, name="n", description="d", weight=1)
    import_ = done("skus", {"code": "A", "name": "x"}, {"code": "B", "description": None},
                   {"code": "C", "weight": 2})  # fmt: skip
    Sku.objects.update(pieces_per_pack=3)
    Sku.objects.filter(code="A").update(description="mine", weight=5)
    Sku.objects.filter(code="C").update(weight=5)

    undo = undone(import_)

    assert warnings_log(undo) == {"C": ["was left as it is: weight changed since"]}
    assert [*Sku.objects.order_by("code").values_list("name", "description", "weight")] == [
        ("n", "mine", 5),
        ("n", "d", 1),
        ("n", "d", 5),
    ]


def test_an_undo_s_changes_are_those_of_the_import_the_other_way_round() -> None:
    SkuFactory.create(code="A", name="a", weight=1)
    SkuFactory.create(code="B", name="b", weight=1)
    import_ = done("skus", {"code": "A", "name": "x", "weight": 1},
                   {"code": "B", "name": "b", "weight": 2})  # fmt: skip

    found = [*entries(undone(import_))]

    assert {(each.key, each.index): each.changes for each in found} == {
        ("A", 0): {"name": ["x", "a"]},
        ("B", 1): {"weight": [2.0, 1.0]},
    }


def test_values_that_were_exchanged_are_exchanged_back() -> None:
    a, b = SkuFactory.create(code="A"), SkuFactory.create(code="B")
    import_ = done("skus", {"id": str(a.pk), "code": "B"}, {"id": str(b.pk), "code": "A"})
    assert Sku.objects.get(pk=a.pk).code == "B"

    undone(import_)

    assert dict(Sku.objects.values_list("pk", "code")) == {a.pk: "A", b.pk: "B"}


def test_a_value_that_another_record_took_meanwhile_leaves_the_record() -> None:
    ShippingCategory.objects.create(mode="test", name="A", code="a")
    import_ = done("shipping_categories", {"name": "A", "code": "b"})
    ShippingCategory.objects.create(mode="test", name="B", code="a")

    undo = undone(import_)

    (messages,) = warnings_log(undo).values()
    assert messages == ["was left as it is: has already been taken"]
    assert ShippingCategory.objects.get(name="A").code == "b"


def test_a_hashed_password_comes_back_as_it_was_and_is_sealed() -> None:
    done("customers", {"email": "a@shop.test", "password": "first"})
    before = everything()
    import_ = done("customers", {"email": "a@shop.test", "password": "second"})
    assert everything() != before
    kept = KeptChanges.objects.filter(bulk_import=import_).get()
    assert kept.is_sealed

    undone(import_)

    assert everything() == before


def test_a_dry_run_tells_what_an_undo_would_do() -> None:
    import_ = done("skus", *skus(A="a"))
    before = everything()

    undo = undone(import_, dry_run=True)

    assert (counts(undo), undo.destroyed_count) == ((0, 0, 1, 0), 1)
    assert everything() == before
    undone(import_)


def test_an_undo_with_nothing_to_put_back_is_refused() -> None:
    SkuFactory.create(code="A", name="a")
    for refusal, options in (
        (NothingToUndo, {}),
        (NothingToUndo, {"dry_run": True}),
        (NothingToUndo, {"keep_changes": False}),
    ):
        import_ = done("skus", *skus(A="a"), **options)
        with pytest.raises(refusal):
            undo_import(import_=import_)
    import_ = done("skus", *skus(A="b"), keep_changes=False)
    with pytest.raises(ChangesNotKept):
        undo_import(import_=import_)


def test_there_is_one_undo_at_a_time() -> None:
    import_ = done("skus", *skus(A="a"))
    first = undo_import(import_=import_)
    for _ in range(2):
        with pytest.raises(UndoneAlready) as refusal:
            undo_import(import_=import_)
        assert refusal.value.undo_id == first.pk
        run_to_end(first)
    undone(first)  # the records are there again
    undone(import_)
    assert not Sku.objects.exists()


def test_an_interrupted_import_is_undone_as_far_as_it_came() -> None:
    with override_settings(IMPORTS_CHUNK_ROWS=1):
        rows = [*skus(A="a"), {"code": "B"}, {"code": "C"}, {"code": "D"}]
        import_ = run_import(importers.get("skus"), rows)
    assert import_.status == Status.INTERRUPTED

    undone(import_)

    assert not Sku.objects.exists()


some_row = st.fixed_dictionaries(
    {"code": st.sampled_from("ABCD"), "name": st.sampled_from(["x", "y", ""])},
    optional={
        "weight": st.sampled_from([None, 1, 2.5]),
        "tags": st.lists(st.sampled_from(["red", "blue"]), unique=True),
        "metadata": st.sampled_from([{}, {"a": [1, True, None]}]),
    },
)
some_import = st.tuples(st.lists(some_row, min_size=1, max_size=6), st.booleans())
some_deaths = st.lists(
    st.tuples(st.integers(1, 40), st.sampled_from(["before", "after"])), max_size=2
)


@given(
    imports=st.lists(some_import, min_size=1, max_size=3),
    chunk_rows=st.integers(1, 4),
    deaths=some_deaths,
)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # the writer is the same in all
)
def test_imports_undone_in_reverse_give_the_records_of_the_beginning(
    imports: list[tuple[list[Row], bool]], chunk_rows: int, deaths: list[Any]
) -> None:
    Sku.objects.all().delete()
    Tag.objects.all().delete()
    for name in ("red", "blue"):
        TagFactory.create(name=name)
    SkuFactory.create(code="A", name="x").tags.add(Tag.objects.get(name="red"))
    SkuFactory.create(code="E")
    before = everything()
    with override_settings(IMPORTS_CHUNK_ROWS=chunk_rows, IMPORTS_CLEANUP_ROWS=2):
        made = [done("skus", *rows, cleanup_records=cleanup) for rows, cleanup in imports]
        for import_ in reversed(made):
            if not import_.kept_changes.exists():
                continue
            undo = undo_import(import_=import_)
            for death in deaths:
                if not Import.objects.active().exists() or not work_and_die(claim(), death):
                    break
            work_until_idle()
            undo.refresh_from_db()
            assert (undo.status, warnings_log(undo)) == (Status.COMPLETED, {})
    assert everything() == before


item: st.SearchStrategy[Row] = st.fixed_dictionaries(
    {"reference": st.sampled_from("ab"), "sku_code": st.sampled_from("ST")},
    optional={"quantity": st.integers(1, 3)},
)
some_order: st.SearchStrategy[Row] = st.fixed_dictionaries(
    {"number": st.sampled_from("123"), "market_name": st.just("M")},
    optional={
        "customer_email": st.sampled_from(["old@shop.test", "a@shop.test", "b@shop.test"]),
        "tags": st.lists(st.sampled_from(["red", "blue"]), unique=True),
        "line_items": st.lists(item, max_size=2, unique_by=lambda each: str(each["reference"])),
        "metadata": st.sampled_from([{}, {"a": [1, True, None]}]),
    },
)


@given(
    imports=st.lists(
        st.tuples(st.lists(some_order, min_size=1, max_size=4), st.booleans()),
        min_size=1,
        max_size=3,
    ),
    chunk_rows=st.integers(1, 3),
)
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # the writer is the same in all
)
def test_orders_come_back_with_their_children_and_tags(
    imports: list[tuple[list[Row], bool]], chunk_rows: int
) -> None:
    empty(connection, imports_and_records())
    market = MarketFactory.create(name="M")
    for name in ("red", "blue"):
        TagFactory.create(name=name)
    sku, _ = SkuFactory.create(code="S"), SkuFactory.create(code="T")
    order = OrderFactory.create(
        number="1", market=market, customer=CustomerFactory.create(email="old@shop.test")
    )
    order.tags.add(Tag.objects.get(name="red"))
    LineItemFactory.create(order=order, sku=sku, reference="a")
    before = everything()
    with override_settings(IMPORTS_CHUNK_ROWS=chunk_rows, IMPORTS_CLEANUP_ROWS=2):
        made = [
            run_import(importers.get("orders"), rows, cleanup_records=cleanup, skip_errors=True)
            for rows, cleanup in imports
        ]
        for import_ in reversed(made):
            if import_.kept_changes.exists():
                assert warnings_log(undone(import_)) == {}
    assert everything() == before
