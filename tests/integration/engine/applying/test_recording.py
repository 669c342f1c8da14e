"""What is kept of a write, whoever tells it: the statement, or two looks at the records."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from imports_app.commerce.models import Sku
from imports_app.models import Import
from imports_app.outputs.selection import entries
from imports_app.services.undoing import undo_import
from tests.factories.commerce import ShippingCategoryFactory, SkuFactory
from tests.integration.engine import numbered
from tests.running import Row, done, run_to_end

pytestmark = pytest.mark.django_db(transaction=True)

ODD = ["\\N", "\\", "a\tb", "a\nb", "\x01|", '"{,}"', "é𝄞", "NULL", "'"]


def kept(import_: Import) -> dict[str | None, dict[str, list[Any]]]:
    """The changes by key."""
    found = [*entries(import_)]
    return {each.key: each.changes for each in found}


def named(names: list[str]) -> list[Row]:
    return [{"code": f"C{n}", "name": name} for n, name in enumerate(names)]


def test_odd_texts_are_kept_as_they_are() -> None:
    created = done("skus", *named(ODD))
    updated = done("skus", *named([*ODD[1:], ODD[0]]))

    names = dict(Sku.objects.values_list("code", "name"))
    assert kept(created).keys() == names.keys()
    pairs = {key: change["name"] for key, change in kept(updated).items()}
    assert {key: after for key, (_, after) in pairs.items()} == names
    assert {key: before for key, (before, _) in pairs.items()} == {
        key: change["name"][1] for key, change in kept(created).items()
    }


def test_rows_that_give_different_attributes_change_only_those() -> None:
    category = ShippingCategoryFactory.create()
    for code in "ABC":
        SkuFactory.create(code=code, name="old", weight=2, shipping_category=None, metadata={})
    rows: list[Row] = [
        {"code": "A", "name": "new"},
        {"code": "B", "weight": None, "metadata": {"b": [1, None]}},
        {"code": "C", "shipping_category_id": str(category.pk), "name": "old"},
    ]

    assert kept(done("skus", *rows)) == {
        "A": {"name": ["old", "new"]},
        "B": {"weight": [2.0, None], "metadata": [{}, {"b": [1, None]}]},
        "C": {"shipping_category_id": [None, str(category.pk)]},
    }


def test_a_record_that_a_row_leaves_as_it_is_is_not_kept() -> None:
    done("skus", *named(["a", "b", "c"]))

    assert kept(done("skus", *named(["a", "x", "c"]))) == {"C1": {"name": ["b", "x"]}}


def test_a_key_that_the_log_can_not_show_is_left_out() -> None:
    import_ = done("skus", *({"code": code, "name": "n"} for code in ("import", "A", "inputs[0]")))

    assert [(each.index, each.key) for each in entries(import_)] == [
        (0, None),
        (1, "A"),
        (2, None),
    ]


def test_records_that_the_database_numbers_are_kept_too() -> None:
    with numbered.registered():
        created = done("groups", {"name": "A"}, {"name": "B"})
        assert kept(created) == {"A": {"name": [None, "A"]}, "B": {"name": [None, "B"]}}
        run_to_end(undo_import(import_=created))
        assert not Group.objects.exists()


OF_POSTGRESQL = """
    CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN NEW.name = upper(NEW.name); RETURN NEW; END$$;
    CREATE TRIGGER shout BEFORE INSERT OR UPDATE ON commerce_sku
        FOR EACH ROW EXECUTE FUNCTION shout()
"""
OF_SQLITE = """
    CREATE TRIGGER shout_{0} AFTER {0} ON commerce_sku
        BEGIN UPDATE commerce_sku SET name = upper(name) WHERE id = NEW.id; END
"""
EVENTS = ("insert", "update")
SHOUTING = {
    "postgresql": ([OF_POSTGRESQL], ["DROP FUNCTION shout CASCADE"]),
    "sqlite": (
        [OF_SQLITE.format(event) for event in EVENTS],
        [f"DROP TRIGGER shout_{event}" for event in EVENTS],
    ),
}


@contextmanager
def shouting() -> Iterator[None]:
    """Within, the database writes the names of SKUs in capitals."""
    first, last = SHOUTING[connection.vendor]
    with connection.cursor() as cursor:
        for statement in first:
            cursor.execute(statement)
        try:
            yield
        finally:
            for statement in last:
                cursor.execute(statement)


def test_the_changes_that_are_kept_include_those_of_a_trigger() -> None:
    if connection.vendor not in SHOUTING:
        pytest.skip("the triggers are PostgreSQL's and SQLite's")
    with shouting():
        created = done("skus", *named(["a"]))
        updated = done("skus", *named(["b"]))
        assert kept(created)["C0"]["name"] == [None, "A"]
        assert kept(updated)["C0"]["name"] == ["A", "B"]
        assert run_to_end(undo_import(import_=updated)).warnings_count == 0
