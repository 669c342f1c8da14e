"""Every way in which an importer can be wrong has a message that says what to write."""

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, ClassVar, Required, TypedDict

import pytest
from django.contrib.auth.models import Permission

from config.env import BASE_DIR
from imports_app.api.urls import urlpatterns
from imports_app.checks import RESERVED_NAMES, check_importer
from imports_app.commerce.models import Price, PriceList, ShippingCategory, Sku, Tag
from imports_app.importer import Importer, Relation
from imports_app.models import Import
from imports_app.registry import importers

pytestmark = pytest.mark.backend


class TagRow(TypedDict, total=False):
    name: Required[str]


class Sound(Importer):
    resource_type = "labels"
    model = Tag
    key: ClassVar[tuple[str, ...]] = ("name",)
    Row = TagRow


class ReservedName(Sound):
    resource_type = "imports"


class NoMode(Importer):
    resource_type = "permissions"
    model = Permission
    key = ()
    Row = TagRow


class GivesAnId(Sound):
    class Row(TagRow, total=False):
        id: str


class GivesARelation(Importer):
    resource_type = "labels"
    model = Sku
    relations = {"shipping_category": Relation(ShippingCategory)}

    class Row(TagRow, total=False):
        shipping_category: str


class UnknownField(Sound):
    class Row(TagRow, total=False):
        colour: str


class NotAForeignKey(Sound):
    relations = {"reference": Relation(Sku)}


class ForeignKeyToAnother(Importer):
    resource_type = "labels"
    model = Price
    relations = {"sku": Relation(PriceList)}
    Row = TypedDict("Row", {"amount_cents": int}, total=False)  # noqa: UP013


class InlineOfItself(Sound):
    relations = {"reference": Relation(Tag, inline_among="reference")}


class TargetWithoutImporter(Sound):
    relations = {"reference": Relation(Import, makes=True)}


class ParentThatIsNoRelation(Sound):
    parent = "owner"


class UnknownKey(Sound):
    key = ("colour",)


class KeyWithoutConstraint(Sound):
    key = ("name", "reference")

    class Row(TagRow, total=False):
        reference: str | None


class HalfAConstraint(Importer):
    resource_type = "labels"
    model = Price
    key = ("sku",)
    relations = {"sku": Relation(Sku)}
    Row = TypedDict("Row", {"amount_cents": int}, total=False)  # noqa: UP013


def found(importer: type[Importer]) -> Iterator[Any]:
    return check_importer(importer())


def test_a_sound_importer_has_no_messages() -> None:
    assert list(found(Sound)) == []


@pytest.mark.parametrize("importer", list(importers), ids=lambda i: i.resource_type)
def test_the_registered_importers_are_sound(importer: Importer) -> None:
    assert list(check_importer(importer)) == []


@pytest.mark.parametrize(
    ("importer", "number", "words"),
    [
        (ReservedName, 1, "'imports'"),
        (NoMode, 2, "Permission"),
        (GivesAnId, 4, "Row.id"),
        (GivesARelation, 4, "Row.shipping_category"),
        (UnknownField, 5, "Row.colour"),
        (NotAForeignKey, 6, "'reference'"),
        (ForeignKeyToAnother, 6, "PriceList"),
        (InlineOfItself, 7, "its own type"),
        (TargetWithoutImporter, 8, "Import"),
        (ParentThatIsNoRelation, 9, "'owner'"),
        (UnknownKey, 10, "colour"),
        (KeyWithoutConstraint, 11, "unique constraint"),
        (HalfAConstraint, 11, "unique constraint"),
    ],
)
def test_errors_of_an_importer_are_reported(
    importer: type[Importer], number: int, words: str
) -> None:
    messages = {message.id: message for message in found(importer)}

    message = messages[f"imports.E{number:03}"]
    assert words in message.msg
    assert importer.__name__ in message.msg
    assert message.hint
    assert message.obj is importer.model


def test_no_type_can_have_the_name_of_a_path() -> None:
    paths = (re.match(r"\^api/(\w+)", str(pattern.pattern)) for pattern in urlpatterns)

    assert {path[1] for path in paths if path} == RESERVED_NAMES


REGISTERED = """
import django
from django.core.checks.registry import registry
django.setup()
print(*(check.__name__ for check in registry.get_checks()))
"""


@pytest.mark.processes
def test_django_knows_the_checks_once_it_is_set_up() -> None:
    """In a process of its own: in this one the tests themselves have imported them."""
    command = [sys.executable, "-c", REGISTERED]
    run = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=True)

    assert "check_importers" in run.stdout.split()
