"""A project without test and live data sees no mode anywhere."""

import json
from pathlib import Path
from typing import Any, Required, TypedDict

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from imports_app.checks import check_importer
from imports_app.importer import Importer
from imports_app.models import ONLY, Import
from imports_app.registry import importers
from tests.factories.clients import ApiClientFactory
from tests.integration.admin.pages import only_import, send, url
from tests.integration.api.caller import Caller, import_document
from tests.integration.management.running import run
from tests.running import run_to_end

pytestmark = pytest.mark.django_db(transaction=True)


class GroupImporter(Importer):
    resource_type = "groups"
    model = Group
    key = ("name",)

    class Row(TypedDict, total=False):
        name: Required[str]


class ImporterOfTests(GroupImporter):
    """Of a mode that there isn't."""

    mode = "test"


@pytest.fixture(autouse=True)
def without_modes(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.IMPORTS_MODES = False
    registry: Any = importers
    importer = GroupImporter()
    monkeypatch.setitem(registry._by_type, "groups", importer)
    monkeypatch.setitem(registry._by_model, Group, importer)


def test_a_model_needs_no_mode() -> None:
    assert [*check_importer(GroupImporter())] == []


def test_an_importer_of_one_mode_fails_the_checks_without_modes() -> None:
    (message,) = check_importer(ImporterOfTests())
    assert (message.id, "IMPORTS_MODES" in str(message.hint)) == ("imports.E050", True)


def test_answers_tell_of_none() -> None:
    caller = Caller(ApiClientFactory.create(mode=ONLY))
    answer = caller.post(
        "/api/imports", import_document(resource_type="groups", inputs=[{"name": "Buyers"}])
    )
    assert answer.status == 201
    assert answer.data["meta"].keys() == {"version"}
    run_to_end(Import.objects.get())
    (record,) = caller.get("/api/groups").data
    assert record["attributes"]["name"] == "Buyers"
    assert "meta" not in record


def test_staff_choose_none(admin_client: Client) -> None:
    page = admin_client.get(
        reverse("admin:imports_app_import_new_import") + "?resource_type=groups"
    )
    assert "id_mode" not in page.content.decode()
    send(admin_client, b"name\nBuyers\n", mode=None, dry_run=None, resource_type="groups")
    assert run_to_end(only_import()).created_count == 1
    for address in (url("change", only_import()), reverse("admin:imports_app_import_changelist")):
        shown = admin_client.get(address).content.decode()
        assert ">Mode<" not in shown
        assert "mode__exact" not in shown


def test_staff_make_a_client_of_none(admin_client: Client) -> None:
    form = {"name": "ERP", "scopes": ["imports:read"]}
    answer = admin_client.post(reverse("admin:imports_oauth_apiclient_add"), form)
    assert b"The client is made" in answer.content


def test_commands_ask_for_none(capsys: Any, tmp_path: Path) -> None:
    (tmp_path / "groups.csv").write_text("name\nBuyers\n")
    ended = run(capsys, "import_file", "groups", str(tmp_path / "groups.csv"), "--here", "--json")
    assert ended.code == 0
    assert "mode" not in json.loads(ended.out)
    assert "ERP, a client with" in run(capsys, "create_client", "ERP").out
    assert run(capsys, "create_client", "ERP", "--mode", "test").code == 2
