"""Keys of all kinds: each is created, updated, linked to, filtered by and read back."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from django.db import connection

from imports_app.checks import check_importer
from imports_app.importer import Importer
from imports_app.models import Import, Mode
from imports_app.registry import importers
from tests.factories.clients import ApiClientFactory
from tests.guests.keyed import (
    ByCode,
    ByEmail,
    ByOther,
    ByParts,
    ByUuid,
    Hidden,
    Inherited,
    Node,
    Numbered,
    Pointer,
)
from tests.guests.registering import registered
from tests.integration.api.caller import Caller
from tests.running import counts, row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)


class Keyed(Importer):
    mode = Mode.TEST
    key: ClassVar[tuple[str, ...]] = ("name",)


class NumberedImporter(Keyed):
    resource_type = "numbered"
    model = Numbered


class ByUuidImporter(Keyed):
    resource_type = "by_uuid"
    model = ByUuid


class ByCodeImporter(Keyed):
    resource_type = "by_code"
    model = ByCode
    key = ("code",)


class ByOtherImporter(Keyed):
    resource_type = "by_other"
    model = ByOther
    key = ("numbered",)


class InheritedImporter(Keyed):
    resource_type = "inherited"
    model = Inherited
    write = "save"


class ByEmailImporter(Keyed):
    resource_type = "by_email"
    model = ByEmail


class HiddenImporter(Keyed):
    resource_type = "hidden"
    model = Hidden


class NodeImporter(Keyed):
    resource_type = "nodes"
    model = Node
    key = ("code",)


class PointerImporter(Keyed):
    resource_type = "pointers"
    model = Pointer


KINDS: list[type[Keyed]] = [
    NumberedImporter,
    ByUuidImporter,
    ByCodeImporter,
    ByOtherImporter,
    InheritedImporter,
    ByEmailImporter,
    HiddenImporter,
    NodeImporter,
]
NAMES: dict[type[Keyed], dict[str, Any]] = {
    ByCodeImporter: {"code": "A"},
    ByOtherImporter: {"numbered_name": "A"},
    ByEmailImporter: {"name": "A", "email": "a@example.org"},
    NodeImporter: {"code": "A"},
}


@pytest.fixture(autouse=True)
def types() -> Iterator[None]:
    with registered(*KINDS, PointerImporter):
        yield


@pytest.fixture(params=KINDS, ids=lambda kind: kind.resource_type)
def kind(request: pytest.FixtureRequest) -> type[Keyed]:
    found: type[Keyed] = request.param
    if found is ByOtherImporter:
        Numbered.objects.create(name="A")
        Numbered.objects.create(name="Z")
    return found


@pytest.fixture
def record(kind: type[Keyed]) -> Any:
    """Made and updated by rows."""
    names = NAMES.get(kind, {"name": "A"})
    assert counts(run(kind.resource_type, names | {"note": "one"})) == (1, 0, 0, 0)
    assert counts(run(kind.resource_type, names | {"note": "two"})) == (0, 1, 0, 0)
    assert counts(run(kind.resource_type, names)) == (0, 0, 1, 0)
    return kind.model._default_manager.get(note="two")


def run(resource_type: str, *rows: dict[str, Any], **options: Any) -> Import:
    import_ = run_import(importers.get(resource_type), rows, skip_errors=True, **options)
    assert row_errors(import_) == {}
    return import_


def messages(import_: Import) -> list[str]:
    return [f"{e.attribute} {e.message}" for of_row in row_errors(import_).values() for e in of_row]


def caller() -> Caller:
    return Caller(ApiClientFactory.create(mode=Mode.TEST))


def test_checks_find_nothing_wrong(kind: type[Keyed]) -> None:
    assert list(check_importer(importers.get(kind.resource_type))) == []


def test_a_record_is_updated_by_its_id_too(kind: type[Keyed], record: Any) -> None:
    import_ = run(kind.resource_type, {"id": str(record.pk), "note": "three"})

    assert counts(import_) == (0, 1, 0, 0)
    assert kind.model._default_manager.filter(pk=record.pk, note="three").exists()


def test_a_record_is_shown_alone_and_in_lists(kind: type[Keyed], record: Any) -> None:
    (listed,) = caller().get(f"/api/{kind.resource_type}").data
    alone = caller().get(f"/api/{kind.resource_type}/{record.pk}").data

    assert listed == alone
    assert (alone["id"], alone["attributes"]["note"]) == (str(record.pk), "two")


def test_lists_are_filtered_by_the_id(kind: type[Keyed], record: Any) -> None:
    url = f"/api/{kind.resource_type}?filter[q]"

    (found,) = caller().get(f"{url}[id_eq]={record.pk}").data

    assert found["id"] == str(record.pk)
    assert caller().get(f"{url}[id_not_eq]={record.pk}").data == []


@pytest.mark.parametrize("form", ["id", "key"])
def test_rows_refer_to_a_record_by_its_id_or_key(kind: type[Keyed], record: Any, form: str) -> None:
    name = kind.resource_type
    by_id = {f"{name}_id": str(record.pk)}
    keyed = kind is not ByOtherImporter  # whose key is a relation: rows name that by its id
    by_key = {f"{name}_{kind.key[0]}": "A"} if keyed else by_id

    run("pointers", {"name": "P", **(by_id if form == "id" else by_key)})

    assert getattr(Pointer.objects.get(), name) == record
    (found,) = caller().get(f"/api/pointers?filter[q][{name}_id_eq]={record.pk}").data
    assert found["relationships"][name]["data"]["id"] == str(record.pk)


@pytest.mark.parametrize("as_given", [int, str])
def test_an_id_that_is_a_number_may_be_given_as_one(as_given: Callable[[Any], Any]) -> None:
    record = Numbered.objects.create(name="A")

    run("numbered", {"id": as_given(record.pk), "note": "x"})
    run("pointers", {"name": "P", "numbered_id": as_given(record.pk)})

    assert Numbered.objects.get().note == "x"
    assert Pointer.objects.get().numbered == record


@pytest.mark.parametrize("given", [True, 7.0, "007", -1, None])
def test_an_invalid_id_names_no_record(given: Any) -> None:
    Numbered.objects.create(pk=7, name="A")
    Numbered.objects.create(pk=1, name="B")

    import_ = run_import(importers.get("numbered"), [{"id": given, "note": "x"}], skip_errors=True)

    assert (import_.errors_count, import_.updated_count) == (1, 0)


def test_cleanup_leaves_what_rows_name(kind: type[Keyed], record: Any) -> None:
    names = NAMES.get(kind, {"name": "A"})
    others: dict[type[Keyed], dict[str, Any]] = {
        ByCodeImporter: {"code": "Z"},
        ByOtherImporter: {"numbered_name": "Z"},
        ByEmailImporter: {"name": "Z", "email": "z@example.org"},
        NodeImporter: {"code": "Z"},
    }
    run(kind.resource_type, others.get(kind, {"name": "Z"}))

    import_ = run(kind.resource_type, names, cleanup_records=True)

    assert import_.destroyed_count == 1
    assert kind.model._default_manager.get() == record


def test_an_expression_that_must_be_unique_fails_the_row_that_breaks_it() -> None:
    if not connection.features.supports_expression_indexes:
        pytest.skip("the database has no such index")
    rows: list[dict[str, Any]] = [
        {"name": "A", "email": "a@example.org"},
        {"name": "B", "email": "A@Example.org"},
        {"name": "C", "email": "c@example.org", "is_main": True},
        {"name": "D", "email": "d@example.org", "is_main": True},
    ]

    import_ = run_import(importers.get("by_email"), rows, skip_errors=True)

    assert counts(import_) == (2, 0, 0, 2)
    said = "has already been taken"
    assert messages(import_) == [f"email {said}", f"is_main {said}"]


def test_a_record_that_the_manager_hides_does_not_exist_and_cleanup_hides_records() -> None:
    Hidden.everything.create(name="A", note="old", hidden=True)
    Hidden.everything.create(name="Z")

    import_ = run("hidden", {"name": "A", "note": "new"}, cleanup_records=True)

    assert (import_.created_count, import_.destroyed_count) == (1, 1)
    found = Hidden.everything.order_by("name", "note").values_list("name", "note", "hidden")
    assert [*found] == [("A", "new", False), ("A", "old", True), ("Z", "", True)]


def test_a_type_may_name_the_manager() -> None:
    class All(HiddenImporter):
        manager = "everything"
        key = ()
        fields = ("note",)

    old = Hidden.everything.create(name="A", note="old", hidden=True)
    with registered(All):
        run("hidden", {"id": old.pk, "note": "new"})

    assert Hidden.everything.get().note == "new"


class ByPartsImporter(Keyed):
    resource_type = "by_parts"
    model = ByParts
    key = ("shop", "number")


class InBulk(Keyed):
    resource_type = "in_bulk"
    model = Inherited


class NoManager(HiddenImporter):
    manager = "all_of_them"


@pytest.mark.parametrize(
    ("importer", "number", "words", "hint"),
    [
        (ByPartsImporter, 43, "composite primary key", "an id of its own"),
        (InBulk, 44, "multi-table inheritance", '`write = "save"`'),
        (NoManager, 45, "'all_of_them'", "'everything'"),
    ],
)
def test_checks_refuse_what_is_not_possible(
    importer: type[Importer], number: int, words: str, hint: str
) -> None:
    (message,) = check_importer(importer())

    assert message.id == f"imports.E{number:03}"
    assert words in message.msg
    assert hint in str(message.hint)
