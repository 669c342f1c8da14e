"""Asking for many records by their ids."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db.models import F

from imports_app.commerce.models import Sku, Tag
from imports_app.models.among import Among
from tests.factories.commerce import SkuFactory, TagFactory

pytestmark = pytest.mark.django_db

CODES = ["plain", "it's", '"quoted"', "Grüße", "back\\slash", "a,b"]


def _found(name: str, values: Sequence[Any]) -> set[Any]:
    return {*Sku.objects.filter(Among(F(name), values)).values_list(name, flat=True)}


def test_records_are_found_by_their_ids_and_no_others() -> None:
    first, _, last = (tag.pk for tag in TagFactory.create_batch(3))

    found = Tag.objects.filter(Among(F("pk"), [first, last])).values_list("pk", flat=True)

    assert {*found} == {first, last}


def test_texts_are_compared_as_they_are() -> None:
    for code in [*CODES, "other"]:
        SkuFactory.create(code=code)

    assert _found("code", CODES) == {*CODES}


@pytest.mark.parametrize("name", ["created_at", "pieces_per_pack", "weight"])
def test_values_of_any_kind_find_what_holds_them(name: str) -> None:
    one, other = SkuFactory.create_batch(2)
    Sku.objects.filter(pk=other.pk).update(pieces_per_pack=77, weight=77)
    one.refresh_from_db()

    assert _found(name, [getattr(one, name)]) == {getattr(one, name)}


def test_no_ids_find_nothing() -> None:
    TagFactory.create()

    assert not Tag.objects.filter(Among(F("pk"), [])).exists()
