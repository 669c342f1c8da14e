"""What is wrong with children, tags, hashed attributes and ways to name targets is said."""

from collections.abc import Mapping
from typing import ClassVar, Required, TypedDict

import pytest
from django.contrib.auth.models import Group

from imports_app.checks import check_importer
from imports_app.commerce.models import (
    Address,
    Customer,
    CustomerAddress,
    Price,
    PriceTier,
    Sku,
    Tag,
)
from imports_app.importer import Importer, Relation
from imports_app.models import Import
from tests.unit.library import Book

pytestmark = pytest.mark.backend


class TagRow(TypedDict, total=False):
    name: Required[str]


class Sound(Importer):
    resource_type = "labels"
    model = Tag
    key = ("name",)
    Row = TagRow


class ChildrenOfAnotherName(Sound):
    children: ClassVar[Mapping[str, str]] = {"prices": "sku"}


class ChildrenByAnotherKey(Importer):
    resource_type = "labels"
    model = Price
    children = {"price_tiers": "sku"}
    Row = TagRow


class ChildrenWithoutImporter(Importer):
    resource_type = "labels"
    model = Import
    children = {"chunks": "bulk_import"}
    Row = TagRow


class TagsThatAreNone(Sound):
    tags = "name"


class TagsWithoutImporter(Importer):
    resource_type = "labels"
    model = Group
    tags = "permissions"
    Row = TagRow


class HashInAShortField(Importer):
    resource_type = "labels"
    model = Book
    hashed = {"pin": "pin_print"}
    secret = frozenset({"pin"})
    Row = TypedDict("Row", {"pin": str | None}, total=False)  # noqa: UP013


class FingerprintInAShortField(HashInAShortField):
    hashed = {"title": "pin"}


class HashInNoText(HashInAShortField):
    hashed = {"pages": "pin_print"}


class HashedThatIsNoAttribute(HashInAShortField):
    hashed = {"title": "pin_print"}


class HashedThatIsShown(HashInAShortField):
    secret = frozenset()


class GivenByNothing(Importer):
    resource_type = "labels"
    model = Price
    relations: ClassVar[Mapping[str, Relation]] = {"sku": Relation(Sku, by="coed")}
    Row = TypedDict("Row", {"amount_cents": int}, total=False)  # noqa: UP013


class MakesOfManyParts(Importer):
    resource_type = "labels"
    model = PriceTier
    relations = {"price": Relation(Price, makes=True)}
    Row = TypedDict("Row", {"name": str}, total=False)  # noqa: UP013


class InlineAmongNothing(Importer):
    resource_type = "labels"
    model = CustomerAddress
    relations = {
        "customer": Relation(Customer),
        "address": Relation(Address, inline_among="custommer"),
    }
    Row = TypedDict("Row", {"reference": str}, total=False)  # noqa: UP013


class SynonymOfNothing(Sound):
    synonyms: ClassVar[Mapping[str, str]] = {"title": "nmae"}


class SynonymOfTheKey(Sound):
    synonyms: ClassVar[Mapping[str, str]] = {"title": "name"}


class LabelOfNothing(Sound):
    labels: ClassVar[Mapping[str, tuple[str, ...]]] = {"nmae": ("title",)}


class LabelOfAnother(Sound):
    labels: ClassVar[Mapping[str, tuple[str, ...]]] = {"tags": ("Na-me",)}


class LabelWithoutALetter(Sound):
    labels: ClassVar[Mapping[str, tuple[str, ...]]] = {"name": (" - ",)}


class LabelsThatAreOneText(Sound):
    labels: ClassVar[Mapping[str, tuple[str, ...]]] = {"name": "title"}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("importer", "number", "words"),
    [
        (ChildrenOfAnotherName, 14, "'prices'"),
        (ChildrenByAnotherKey, 14, "'sku'"),
        (ChildrenWithoutImporter, 15, "'chunks'"),
        (TagsThatAreNone, 16, "'name'"),
        (TagsWithoutImporter, 16, "'permissions'"),
        (HashInAShortField, 17, "'pin'"),
        (FingerprintInAShortField, 17, "'pin'"),
        (HashInNoText, 17, "'pages'"),
        (HashedThatIsNoAttribute, 18, "'title'"),
        (HashedThatIsShown, 19, "'pin'"),
        (GivenByNothing, 20, "'coed'"),
        (MakesOfManyParts, 21, "prices"),
        (InlineAmongNothing, 22, "'custommer'"),
        (SynonymOfNothing, 36, "title can't be a synonym of nmae"),
        (SynonymOfTheKey, 36, "title can't be a synonym of name"),
        (LabelOfNothing, 51, "labels for nmae"),
        (LabelOfAnother, 51, "'Na-me' of tags"),
        (LabelWithoutALetter, 51, "' - ' of name"),
        (LabelsThatAreOneText, 24, "`labels`"),
    ],
)
def test_an_error_of_a_part_is_reported_once(
    importer: type[Importer], number: int, words: str
) -> None:
    found = [
        message for message in check_importer(importer()) if message.id == f"imports.E{number:03}"
    ]

    assert len({message.msg for message in found}) == len(found) > 0
    assert words in found[0].msg
    assert found[0].hint
