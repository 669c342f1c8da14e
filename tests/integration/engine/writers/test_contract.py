"""What every writer must do, whatever the database."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import Error

from imports_app.commerce.models import Customer, Price, PriceList, Sku
from imports_app.engine.writers import Written
from imports_app.models import Mode
from tests.factories.commerce import CustomerFactory, PriceFactory, PriceListFactory, SkuFactory
from tests.integration.engine.writers.conftest import Write
from tests.running import stored

pytestmark = pytest.mark.django_db(transaction=True)

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def counts(written: Written) -> tuple[int, int, int]:
    return written.created, written.updated, len(written.same)


def written_long_ago(record: Any) -> Any:
    """The record, last written in another year."""
    type(record).objects.filter(pk=record.pk).update(updated_at=LONG_AGO)
    return record


def changes(record: Any, before: dict[str, Any]) -> dict[str, Any]:
    """The fields that differ from what they were, but for the time of writing."""
    after = stored(record)
    return {
        name: value
        for name, value in after.items()
        if value != before[name] and name != "updated_at"
    }


def test_a_record_that_does_not_exist_is_created(write: Write) -> None:
    written = write("skus", [{"code": "A", "name": "a"}, {"code": "B", "name": "b"}])

    a, b = Sku.objects.order_by("code")
    assert counts(written) == (2, 0, 0)
    assert written.records == {0: a.pk, 1: b.pk}
    assert [(sku.code, sku.name, sku.mode) for sku in (a, b)] == [
        ("A", "a", "test"),
        ("B", "b", "test"),
    ]


def test_ids_are_returned_for_the_row_they_belong_to(write: Write) -> None:
    unchanged = SkuFactory.create(code="M", name="m")
    updated = SkuFactory.create(code="C", name="old")

    written = write(
        "skus",
        [
            {"code": "Z", "name": "z"},
            {"code": "M", "name": "m"},
            {"code": "A", "name": "a"},
            {"code": "C", "name": "new"},
        ],
    )

    pk_of = dict(Sku.objects.values_list("code", "pk"))
    assert counts(written) == (2, 1, 1)
    assert written.records == {0: pk_of["Z"], 1: unchanged.pk, 2: pk_of["A"], 3: updated.pk}
    assert (written.new, written.same) == ({0, 2}, {1})


def test_ids_made_here_ascend_in_the_order_of_the_rows(write: Write) -> None:
    written = write("skus", [{"code": code, "name": "n"} for code in "QWERTZUIOP"])

    ids = [pk for _, pk in sorted(written.records.items())]
    assert ids == sorted(ids)
    assert {pk.version for pk in ids} == {7}
    later = write("skus", [{"code": code, "name": "n"} for code in "AS"])
    assert min(later.records.values()) > max(ids)


def test_ids_ascend_in_the_order_of_the_rows_whatever_attributes_each_gives(write: Write) -> None:
    extra: list[dict[str, Any]] = [{}, {"weight": 1.5}, {"description": "d"}]

    written = write("skus", [{"code": f"C{n}", "name": "n", **extra[n % 3]} for n in range(12)])

    ids = [pk for _, pk in sorted(written.records.items())]
    assert ids == sorted(ids)


def test_records_of_which_the_ids_are_made_here_sort_by_id_as_by_time(write: Write) -> None:
    for codes in ("QWE", "RTZ", "A"):
        write("skus", [{"code": code, "name": "n"} for code in codes])

    by_time = Sku.objects.order_by("created_at", "pk").values_list("code", flat=True)
    assert list(by_time) == list(Sku.objects.order_by("pk").values_list("code", flat=True))
    assert list(by_time) == [*"QWERTZA"]


@pytest.mark.usefixtures("numbered")
def test_records_that_the_database_numbers_are_created_and_found(write: Write) -> None:
    first = write("groups", [{"name": "b"}, {"name": "a"}])
    again = write("groups", [{"name": "a"}, {"name": "c"}, {"name": "b"}])

    assert (counts(first), counts(again)) == ((2, 0, 0), (1, 0, 2))
    pk_of = dict(Group.objects.values_list("name", "pk"))
    assert first.records == {0: pk_of["b"], 1: pk_of["a"]}
    assert again.records == {0: pk_of["a"], 1: pk_of["c"], 2: pk_of["b"]}


@pytest.mark.usefixtures("numbered")
def test_numbers_that_the_database_gives_ascend_in_the_order_of_the_rows(write: Write) -> None:
    written = write("groups", [{"name": name} for name in "QWERTZUIOP"])

    ids = [pk for _, pk in sorted(written.records.items())]
    assert ids == sorted(ids)


@pytest.mark.usefixtures("numbered")
def test_a_number_that_the_database_gave_is_not_given_again(write: Write) -> None:
    (gone,) = write("groups", [{"name": "gone"}]).records.values()
    Group.objects.all().delete()

    (new,) = write("groups", [{"name": "new"}]).records.values()

    assert new > gone


def test_a_create_fills_what_the_row_leaves_out_with_defaults(write: Write) -> None:
    before = datetime.now(tz=UTC)

    write("price_lists", [{"name": "Retail", "currency_code": "EUR"}])

    made = PriceList.objects.get()
    assert (made.tax_included, made.metadata) == (True, {})
    assert (made.code, made.reference) == (None, None)
    assert before <= made.created_at <= datetime.now(tz=UTC)
    assert before <= made.updated_at <= datetime.now(tz=UTC)


def test_a_generated_default_differs_in_every_record(write: Write) -> None:
    write("customers", [{"email": f"{n}@example.com"} for n in range(3)])

    customers = Customer.objects.all()
    assert len({c.shopper_reference for c in customers}) == 3
    assert len({c.profile_id for c in customers} | {c.shopper_reference for c in customers}) == 6


def test_an_update_keeps_what_was_generated(write: Write) -> None:
    customer = CustomerFactory.create(email="a@example.com")
    before = stored(customer)

    written = write("customers", [{"email": "a@example.com", "tax_exemption_code": "NEW"}])

    assert counts(written) == (0, 1, 0)
    assert changes(customer, before) == {"tax_exemption_code": "NEW"}


def test_rows_without_a_generated_value_get_their_own_default(write: Write) -> None:
    write(
        "customers",
        [
            {"email": "a@example.com", "shopper_reference": "mine"},
            {"email": "b@example.com"},
            {"email": "c@example.com"},
        ],
    )

    references = dict(Customer.objects.values_list("email", "shopper_reference"))
    assert references["a@example.com"] == "mine"
    assert len(set(references.values())) == 3
    assert all(references.values())


def test_an_update_changes_only_what_the_row_gives(write: Write) -> None:
    sku = written_long_ago(SkuFactory.create(code="A"))
    before = stored(sku)

    written = write("skus", [{"code": "A", "weight": 77.25}])

    assert counts(written) == (0, 1, 0)
    assert changes(sku, before) == {"weight": 77.25}
    assert stored(sku)["updated_at"] > LONG_AGO


def test_a_record_that_would_not_change_is_not_written(write: Write) -> None:
    sku = written_long_ago(SkuFactory.create(code="A"))
    before = stored(sku)
    attributes = {
        name: value
        for name, value in before.items()
        if name not in {"id", "mode", "created_at", "updated_at"}
    }

    written = write("skus", [attributes])

    assert counts(written) == (0, 0, 1)
    assert written.records == {0: sku.pk}
    assert stored(sku) == before


def test_a_row_with_nothing_but_the_key_changes_nothing(write: Write) -> None:
    sku = written_long_ago(SkuFactory.create(code="A"))
    before = stored(sku)

    assert counts(write("skus", [{"code": "A"}])) == (0, 0, 1)
    assert stored(sku) == before


def test_rows_of_one_call_may_give_different_attributes(write: Write) -> None:
    a, b, c = (SkuFactory.create(code=code) for code in "ABC")
    befores = {sku: stored(sku) for sku in (a, b, c)}

    written = write(
        "skus",
        [
            {"code": "A", "name": "new"},
            {"code": "B", "weight": None},
            {"code": "C", "description": "new", "do_not_ship": None},
            {"code": "D", "name": "d", "weight": 3.5},
            {"code": "E", "name": "e", "description": "of e"},
        ],
    )

    assert counts(written) == (2, 3, 0)
    assert changes(a, befores[a]) == {"name": "new"}
    assert changes(b, befores[b]) == {"weight": None}
    assert changes(c, befores[c]) == {"description": "new", "do_not_ship": None}
    made = {sku.code: sku for sku in Sku.objects.filter(code__in=("D", "E"))}
    assert (made["D"].weight, made["D"].description) == (3.5, None)
    assert (made["E"].weight, made["E"].description) == (None, "of e")


def test_a_default_is_given_to_new_records_only_among_mixed_rows(write: Write) -> None:
    existing = PriceListFactory.create(name="Old", currency_code="EUR", tax_included=False)

    write(
        "price_lists",
        [
            {"name": "Old", "currency_code": "USD"},
            {"name": "New", "currency_code": "USD"},
            {"name": "Other", "currency_code": "USD", "tax_included": False},
        ],
    )

    included = dict(PriceList.objects.values_list("name", "tax_included"))
    assert included == {"Old": False, "New": True, "Other": False}
    assert stored(existing)["currency_code"] == "USD"


def test_null_clears_what_may_be_null(write: Write) -> None:
    sku = SkuFactory.create(code="A")

    written = write("skus", [{"code": "A", "weight": None, "shipping_category_id": None}])

    after = stored(sku)
    assert counts(written) == (0, 1, 0)
    assert (after["weight"], after["shipping_category_id"]) == (None, None)


def test_null_means_the_default_of_what_may_not_be_null(write: Write) -> None:
    price_list = PriceListFactory.create(name="A", tax_included=False, metadata={"a": 1})

    write("price_lists", [{"name": "A", "tax_included": None, "metadata": None}])

    after = stored(price_list)
    assert (after["tax_included"], after["metadata"]) == (True, {})


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"a": [1, 2.5, None, True, {"b": "ü😀\\\"'"}]},
        {"z": 1, "a": 2},
        {"big": 12345678901234567890},
    ],
)
def test_a_json_column_holds_what_the_row_gives(write: Write, value: dict[str, Any]) -> None:
    rows = [{"code": "A", "name": "a", "metadata": value}]

    write("skus", rows)

    assert Sku.objects.get().metadata == value
    assert counts(write("skus", rows)) == (0, 0, 1)


def test_the_order_of_a_json_objects_members_is_no_change(write: Write) -> None:
    write("skus", [{"code": "A", "name": "a", "metadata": {"x": 1, "y": {"b": 1, "a": 2}}}])

    written = write("skus", [{"code": "A", "metadata": {"y": {"a": 2, "b": 1}, "x": 1}}])

    assert counts(written) == (0, 0, 1)


def test_a_json_column_made_by_the_orm_is_found_unchanged(write: Write) -> None:
    SkuFactory.create(code="A", metadata={"z": "ü", "a": [1, {"c": None, "b": 1.5}]})

    row = {"code": "A", "metadata": {"a": [1, {"b": 1.5, "c": None}], "z": "ü"}}

    assert counts(write("skus", [row])) == (0, 0, 1)


@pytest.mark.parametrize(("old", "new"), [(True, 1), (0, False), ("1", 1), ([], {}), (None, 0)])
def test_another_json_value_is_a_change_however_much_alike(
    write: Write, old: object, new: object
) -> None:
    sku = SkuFactory.create(code="A", metadata={"a": old})

    assert counts(write("skus", [{"code": "A", "metadata": {"a": new}}])) == (0, 1, 0)
    held = stored(sku)["metadata"]["a"]
    assert (type(held), held) == (type(new), new)


def test_null_in_a_json_column_is_no_value_at_all(write: Write) -> None:
    price = PriceFactory.create(rules={"a": 1})
    row = {"sku_id": price.sku_id, "price_list_id": price.price_list_id, "rules": None}

    assert counts(write("prices", [row])) == (0, 1, 0)
    assert Price.objects.filter(rules__isnull=True).count() == 1
    assert counts(write("prices", [row])) == (0, 0, 1)


@pytest.mark.parametrize(
    "text", ["", "\\N", "tab\tnewline\nreturn\r", "üß😀", "%s %(a)s", "'\"`;--"]
)
def test_text_is_stored_as_it_is(write: Write, text: str) -> None:
    rows = [{"code": "A", "name": "a", "description": text}]

    write("skus", rows)

    assert Sku.objects.get().description == text
    assert counts(write("skus", rows)) == (0, 0, 1)


def test_a_key_of_two_relations_finds_its_record(write: Write) -> None:
    price = PriceFactory.create(amount_cents=1)
    other_sku = SkuFactory.create()
    before = stored(price)

    written = write(
        "prices",
        [
            {"sku_id": other_sku.pk, "price_list_id": price.price_list_id, "amount_cents": 3},
            {"sku_id": price.sku_id, "price_list_id": price.price_list_id, "amount_cents": 2},
        ],
    )

    made = Price.objects.get(sku=other_sku)
    assert counts(written) == (1, 1, 0)
    assert written.records == {0: made.pk, 1: price.pk}
    assert changes(price, before) == {"amount_cents": 2}
    assert (made.price_list_id, made.amount_cents) == (price.price_list_id, 3)


def test_half_of_a_key_is_not_enough_to_match(write: Write) -> None:
    price = PriceFactory.create()
    other_list = PriceListFactory.create()
    before = stored(price)

    row = {"sku_id": price.sku_id, "price_list_id": other_list.pk, "amount_cents": 2}

    assert counts(write("prices", [row])) == (1, 0, 0)
    assert stored(price) == before


def test_an_id_finds_its_record(write: Write) -> None:
    a, b = SkuFactory.create(code="A"), SkuFactory.create(code="B")
    befores = {sku: stored(sku) for sku in (a, b)}

    written = write("skus", [{"id": str(b.pk), "name": "new"}, {"id": str(a.pk), "weight": 0.25}])

    assert counts(written) == (0, 2, 0)
    assert written.records == {0: b.pk, 1: a.pk}
    assert changes(a, befores[a]) == {"weight": 0.25}
    assert changes(b, befores[b]) == {"name": "new"}


def test_a_record_found_by_id_may_change_its_key(write: Write) -> None:
    sku = SkuFactory.create(code="A")
    before = stored(sku)

    written = write("skus", [{"id": str(sku.pk), "code": "B"}])

    assert counts(written) == (0, 1, 0)
    assert changes(sku, before) == {"code": "B"}


def test_an_id_with_nothing_else_changes_nothing(write: Write) -> None:
    sku = written_long_ago(SkuFactory.create())
    before = stored(sku)

    assert counts(write("skus", [{"id": str(sku.pk)}])) == (0, 0, 1)
    assert stored(sku) == before


def test_a_row_without_a_required_attribute_can_update_but_not_create(write: Write) -> None:
    existing = SkuFactory.create(code="A")

    written = write("skus", [{"code": "NEW", "weight": 1.5}, {"code": "A", "weight": 1.25}])

    assert counts(written) == (0, 1, 0)
    assert [made.row.index for made in written.incomplete] == [0]
    assert written.records == {1: existing.pk}
    assert not Sku.objects.filter(code="NEW").exists()


def test_the_other_mode_is_neither_found_nor_touched(write: Write) -> None:
    live = SkuFactory.create(code="A", mode=Mode.LIVE)
    before = stored(live)

    written = write("skus", [{"code": "A", "name": "new"}], mode=Mode.TEST)

    assert counts(written) == (1, 0, 0)
    assert stored(live) == before
    assert Sku.objects.get(mode=Mode.TEST).name == "new"


def test_a_live_write_makes_live_records(write: Write) -> None:
    write("skus", [{"code": "A", "name": "a"}], mode=Mode.LIVE)

    assert Sku.objects.get().mode == Mode.LIVE


def test_writes_of_one_import_see_each_other(write: Write) -> None:
    write("skus", [{"code": "A", "name": "a"}])

    written = write("skus", [{"code": "A", "weight": 1.5}, {"code": "B", "name": "b"}])

    assert counts(written) == (1, 1, 0)
    assert Sku.objects.get(code="A").name == "a"


def test_a_unique_value_that_is_taken_is_refused_with_nothing_written(write: Write) -> None:
    CustomerFactory.create(shopper_reference="taken")

    with pytest.raises(Error):
        write(
            "customers",
            [
                {"email": "a@example.com"},
                {"email": "b@example.com", "shopper_reference": "taken"},
            ],
        )

    assert Customer.objects.count() == 1


def test_a_foreign_key_to_nothing_is_refused(write: Write) -> None:
    with pytest.raises(Error):
        write("skus", [{"code": "A", "name": "a", "shipping_category_id": 999_999}])

    assert not Sku.objects.exists()


def test_a_value_that_a_check_forbids_is_refused(write: Write) -> None:
    with pytest.raises(Error):
        write("skus", [{"code": "A", "name": "a", "unit_of_weight": "kg"}])

    assert not Sku.objects.exists()


def test_an_empty_table_is_numbered_on_behind_records_that_are_gone(write: Write) -> None:
    gone = SkuFactory.create()
    gone_pk = gone.pk
    gone.delete()

    written = write("skus", [{"code": "A", "name": "a"}])

    assert written.records[0] > gone_pk


def test_records_made_by_the_orm_afterwards_get_ids_of_their_own(write: Write) -> None:
    written = write("skus", [{"code": code, "name": code} for code in "ABC"])

    assert SkuFactory.create().pk > max(written.records.values())
