"""Which records are put back at once, and not one by one with a look at each."""

from collections.abc import Sequence

import pytest
from django.db import connection, transaction

from imports_app.commerce.models import Sku
from imports_app.engine.types.schema import schema_for
from imports_app.engine.writers import WRITERS
from imports_app.models import Import, Mode
from imports_app.registry import importers
from imports_app.storage.changes import transactions
from imports_app.storage.groups import Action, Group
from tests.factories.commerce import ShippingCategoryFactory, SkuFactory
from tests.running import Row, done

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor not in ('postgresql', 'sqlite')", reason="the ORM can't"),
]


def updates(import_: Import) -> list[Group]:
    return [
        group
        for groups in transactions(import_)
        for group in groups
        if group.action is Action.UPDATED
    ]


def put_back(import_: Import) -> list[str]:
    """The keys of what is put back, in their order."""
    with transaction.atomic():
        writer = WRITERS[connection.vendor](schema_for(importers.get("skus")), Mode.TEST)
        writer.begin()
        return sorted(
            group.keys[place] or "" for group in updates(import_) for place in writer.restore(group)
        )


def imported(*rows: Row) -> Import:
    """The import of the rows after records that they all update."""
    for row in rows:
        SkuFactory.create(code=row["code"], name="n", weight=1, description=None, image_url="u")
    return done("skus", *rows)


def names() -> Sequence[tuple[str, str]]:
    return [*Sku.objects.order_by("code").values_list("code", "name")]


def test_rows_that_give_the_same_attributes() -> None:
    import_ = imported(*({"code": code, "name": code, "weight": 2} for code in "ABC"))
    Sku.objects.filter(code="B").update(name="mine")

    assert put_back(import_) == ["A", "C"]
    assert names() == [("A", "n"), ("B", "mine"), ("C", "n")]


def test_rows_that_give_different_attributes() -> None:
    category = str(ShippingCategoryFactory.create().pk)
    rows: list[Row] = [
        {"code": "A", "name": "a"},
        {"code": "B", "weight": None, "metadata": {"b": [1, None]}},
        {"code": "C", "shipping_category_id": category, "name": "n"},
        {"code": "D", "description": "", "image_url": None},
    ]
    import_ = imported(*rows)
    Sku.objects.filter(code="A").update(weight=5)
    Sku.objects.filter(code="D").update(description="mine")

    assert put_back(import_) == ["A", "B", "C"]
    assert names() == [(code, "n") for code in "ABCD"]
    assert Sku.objects.get(code="B").weight == 1
    assert Sku.objects.get(code="C").shipping_category_id != category


def test_texts_that_have_to_be_read_as_the_server_writes_them() -> None:
    odd = ["\\N", "\\", "a\tb", "a\nb", "\x01|", "é𝄞", ""]
    rows = [{"code": f"C{n}", "name": f"{odd[n]}!", "description": odd[n]} for n in range(len(odd))]

    assert len(put_back(imported(*rows))) == len(odd)
    assert {*Sku.objects.values_list("name", "description")} == {("n", None)}


def test_an_only_record_whose_text_is_empty() -> None:
    assert put_back(imported({"code": "A", "description": ""})) == ["A"]
    assert Sku.objects.get().description is None


def test_updates_of_a_unique_value_are_left_for_later() -> None:
    a, b = (SkuFactory.create(code=code, name="n") for code in "AB")
    import_ = done("skus", {"id": str(a.pk), "code": "A", "name": "x"},
                   {"id": str(b.pk), "code": "C", "name": "x"})  # fmt: skip

    assert put_back(import_) == ["A"]
    assert names() == [("A", "n"), ("C", "x")]
