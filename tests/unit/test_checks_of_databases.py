"""What the checks say of a project with several databases."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage
from pytest_django import Settings

from imports_app import database
from imports_app.checks import check_project
from imports_app.commerce.models import Price, Sku
from imports_app.models import Import, ImportChunk


class Router:
    """Puts everything into the database `here`, but for some models."""

    here = "records"
    written: dict[type[Any], str] = {}
    read: dict[type[Any], str] = {}

    def db_for_write(self, model: type[Any], **_: Any) -> str:
        return self.written.get(model, self.here)

    def db_for_read(self, model: type[Any], **_: Any) -> str:
        return self.read.get(model) or self.db_for_write(model)


@pytest.fixture(autouse=True)
def _routed(settings: Settings) -> None:
    settings.DATABASE_ROUTERS = [f"{__name__}.Router"]


def found() -> list[CheckMessage]:
    return [each for each in check_project() if each.id in ("imports.E101", "imports.E105")]


def test_any_database_will_do_for_all_together() -> None:
    assert database.alias() == "records"
    assert found() == []


def test_a_type_elsewhere_is_an_error_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Router, "written", {Sku: "shop"})
    (message,) = found()
    assert message.id == "imports.E101"
    assert message.msg.startswith("SkuImporter: the database router puts commerce.Sku into 'shop'")
    assert "'records' for commerce.Sku" in str(message.hint)
    assert "'shop' for all models of imports_app" in str(message.hint)


def test_a_table_of_ours_elsewhere_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Router, "written", {ImportChunk: "shop"})
    (message,) = found()
    assert message.msg.startswith("imports_app: the database router puts imports_app.ImportChunk")


def test_imports_elsewhere_name_all_that_is_not_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Router, "written", {Import: "imports"})
    label = get_user_model()._meta.label
    labels = {message.msg.split(" puts ")[1].split(" into ")[0] for message in found()}
    assert {"imports_app.ImportChunk", "commerce.Sku", label} <= labels
    assert "imports_app.Import" not in labels


def test_what_is_read_from_a_replica_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Router, "read", {Price: "replica", Import: "replica"})
    messages = found()
    assert {message.id for message in messages} == {"imports.E105"}
    assert [str(message.hint) for message in messages] == [
        "Let db_for_read return 'records' for imports_app.Import.",
        "Let db_for_read return 'records' for commerce.Price.",
    ]
