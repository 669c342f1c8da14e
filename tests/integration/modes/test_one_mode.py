"""Types whose model knows no mode: all of it belongs to the one mode that the importer names."""

from collections.abc import Iterator
from typing import Any, ClassVar, Required, TypedDict

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from imports_app.checks import check_importer
from imports_app.engine.types.schema import schema_for
from imports_app.importer import Importer, Relation
from imports_app.models import Import, Mode
from imports_app.outputs.record_types import record_type_for
from imports_app.registry import importers
from tests.factories.clients import ApiClientFactory
from tests.integration.api.caller import Caller, import_document
from tests.running import row_errors, run_import, run_to_end

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/api/imports"
OTHER: dict[str, str] = {Mode.TEST: Mode.LIVE, Mode.LIVE: Mode.TEST}


class ContentTypeImporter(Importer):
    resource_type = "kinds"
    model = ContentType
    key = ("app_label", "model")

    class Row(TypedDict, total=False):
        app_label: Required[str]
        model: Required[str]


class GroupImporter(Importer):
    resource_type = "groups"
    model = Group
    key = ("name",)

    class Row(TypedDict, total=False):
        name: Required[str]


class PermissionImporter(Importer):
    """Of the mode that the groups are not of; a permission's content type is one of those."""

    resource_type = "permissions"
    model = Permission
    key = ("content_type", "codename")
    parent = "content_type"
    relations: ClassVar[Any] = {"content_type": Relation(ContentType, required=True)}

    class Row(TypedDict, total=False):
        codename: Required[str]
        name: Required[str]


@pytest.fixture(params=[Mode.TEST, Mode.LIVE])
def mode(request: pytest.FixtureRequest) -> str:
    """The mode of groups and content types."""
    return str(request.param)


@pytest.fixture
def own(mode: str) -> Caller:
    """A client of that mode."""
    return caller(mode)


@pytest.fixture
def other(mode: str) -> Caller:
    """A client of the other one."""
    return caller(OTHER[mode])


@pytest.fixture(autouse=True)
def registered(mode: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three types on models that know no mode."""
    made = [
        type("Kinds", (ContentTypeImporter,), {"mode": mode})(),
        type("Groups", (GroupImporter,), {"mode": mode})(),
        type("Permissions", (PermissionImporter,), {"mode": OTHER[mode]})(),
    ]
    by_type: dict[str, Importer] = {one.resource_type: one for one in made}
    by_model: dict[type[Model], Importer] = {one.model: one for one in made}
    monkeypatch.setattr(importers, "_by_type", importers._by_type | by_type)
    monkeypatch.setattr(importers, "_by_model", importers._by_model | by_model)
    yield
    for compiled in (record_type_for, schema_for):
        compiled.cache_clear()


def caller(mode: str) -> Caller:
    scopes = "imports:read imports:write imports:cleanup"
    return Caller(ApiClientFactory.create(mode=mode, scopes=scopes))


def test_an_importer_of_one_mode_passes_the_checks() -> None:
    for importer in ("kinds", "groups", "permissions"):
        assert list(check_importer(importers.get(importer))) == []


def test_an_importer_that_would_make_records_of_the_other_mode_fails_the_checks(mode: str) -> None:
    relations = {"content_type": Relation(ContentType, required=True, makes=True)}
    importer = type("Makes", (PermissionImporter,), {"mode": OTHER[mode], "relations": relations})

    messages = {message.id: message.msg for message in check_importer(importer())}

    assert f"creates kinds, which exist in {mode} mode only" in messages["imports.E035"]


def test_a_client_of_its_mode_imports_and_reads_it(own: Caller) -> None:
    body = import_document(resource_type="groups", inputs=[{"name": "Clerks"}])
    import_ = run_to_end(Import.objects.get(pk=own.post(PATH, body).data["id"]))

    assert (import_.created_count, row_errors(import_)) == (1, {})
    (record,) = own.get("/api/groups").data
    assert record["attributes"] == {"name": "Clerks"}
    assert record["meta"] == {"mode": own.get("/api/application").data["meta"]["mode"]}
    assert own.get(f"/api/groups/{record['id']}").data == record


def test_a_client_of_the_other_mode_can_import_none(other: Caller, mode: str) -> None:
    answer = other.post(PATH, import_document(resource_type="groups", inputs=[{"name": "Mine"}]))

    assert answer.status == 422
    assert answer.error["source"]["pointer"] == "/data/attributes/resource_type"
    assert answer.error["detail"] == (f"resource_type - can't be imported in {OTHER[mode]} mode")
    assert not Group.objects.exists()
    assert not Import.objects.exists()


def test_a_client_of_the_other_mode_sees_no_record(other: Caller) -> None:
    group = Group.objects.create(name="Clerks")

    for query in ("", "?filter[q][name_eq]=Clerks", f"?filter[q][id_eq]={group.pk}", "?sort=name"):
        answer = other.get(f"/api/groups{query}")
        assert answer.data == []
        assert answer.document["meta"] == {"record_count": 0, "page_count": 0}
    assert other.get(f"/api/groups/{group.pk}").status == 404


def test_a_relation_from_the_other_mode_finds_no_target(mode: str) -> None:
    kind = ContentType.objects.get_for_model(Group)
    before = Permission.objects.count()
    row = {"codename": "sell", "name": "Can sell", "content_type_id": str(kind.pk)}

    import_ = run_import(importers.get("permissions"), [row], mode=OTHER[mode])

    ((error,),) = row_errors(import_).values()
    assert (error.attribute, error.message) == ("content_type", "must exist")
    assert Permission.objects.count() == before


def test_a_parent_of_the_other_mode_does_not_exist(other: Caller) -> None:
    kind = ContentType.objects.get_for_model(Group)
    row = {"codename": "sell", "name": "Can sell"}
    body = import_document(
        resource_type="permissions", inputs=[row], parent_resource_id=str(kind.pk)
    )

    answer = other.post(PATH, body)

    assert answer.status == 422
    assert answer.error["detail"] == "parent_resource_id - must exist"


def test_a_type_that_became_the_other_modes_writes_and_destroys_nothing(mode: str) -> None:
    """An import that was queued before the importer named its mode."""
    Group.objects.create(name="Clerks")

    import_ = run_import(
        importers.get("groups"), [{"name": "Mine"}], mode=OTHER[mode], cleanup_records=True
    )

    assert (import_.status, import_.processed_count) == ("interrupted", 0)
    assert import_.interruption == f"groups are not of {OTHER[mode]} mode any more"
    assert [group.name for group in Group.objects.all()] == ["Clerks"]
