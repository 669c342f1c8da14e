"""Requests and their imports can be found again in the log, and nothing secret with them."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from config.logs import JsonLines
from imports_app.models import Import
from imports_app.oauth.models import ApiClient
from imports_app.telemetry.logs import NAMES
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import Caller, import_document
from tests.running import run_to_end

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """What all loggers say at level DEBUG, as the JSON format has it."""
    text = StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(JsonLines())
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    before = [(logger, logger.level, logger.handlers[:], logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.handlers = []
        logger.propagate = True
    logging.getLogger().addHandler(handler)
    yield text
    for logger, level, handlers, propagate in before:
        logger.setLevel(level)
        logger.handlers = handlers
        logger.propagate = propagate


def lines(logged: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in logged.getvalue().splitlines()]


@pytest.mark.parametrize("given", ["a", "7f3c-41:x/Y_z.=+", "x" * 128])
def test_a_sane_id_is_kept(client: Client, given: str) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": given})["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", "é", 'a"b', "a\tb", "<script>"])
def test_an_unfit_request_id_is_replaced(client: Client, given: str) -> None:
    answers = [client.get("/healthz", headers={"X-Request-Id": given}) for _ in range(2)]

    made = {answer["X-Request-Id"] for answer in answers}
    assert len(made) == 2
    assert given not in made
    assert all(len(each) == 32 for each in made)


def test_refusals_have_a_request_id_too(client: Client) -> None:
    for path in ("/nowhere", "/api/imports", "/api/nowhere"):
        assert client.get(path, headers={"X-Request-Id": "r"})["X-Request-Id"] == "r"


def test_a_line_tells_request_client_mode_and_import(caller: Caller, logged: StringIO) -> None:
    import_ = ImportFactory.create()

    answer = caller.post(f"/api/imports/{import_.pk}/retry", b"", X_Request_Id="r-7")

    assert answer.status == 423
    [line] = [line for line in lines(logged) if line["logger"] == "django.request"]
    assert {name: line.get(name) for name in NAMES} == {
        "request_id": "r-7",
        "import_id": str(import_.pk),
        "client": caller.client.client_id,
        "mode": "test",
        "resource_type": None,
    }


@pytest.mark.backend
def test_a_worker_tells_which_import_it_is_about(
    logged: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    from imports_app.commerce.importers.catalog import SkuImporter

    def broken(self: Any, row: Any) -> Any:
        raise RuntimeError("boom")

    monkeypatch.setattr(SkuImporter, "validate", broken)
    import_ = run_to_end(ImportFactory.create())

    about = [line for line in lines(logged) if line["logger"] == "imports_app.engine.running.run"]
    assert about
    for line in about:
        assert line["import_id"] == str(import_.pk)
        assert line["client"] == str(import_.caller)
        assert (line["mode"], line["resource_type"]) == ("test", "skus")


def test_a_log_line_has_nothing_secret(client: Client, logged: StringIO) -> None:
    api_client, secret = ApiClient.issue(name="shop", mode="test")
    credentials = {"grant_type": "client_credentials", "client_id": api_client.client_id}
    wrong = "not-the-secret-of-anybody"
    for each in (wrong, secret):
        body = {**credentials, "client_secret": each}
        token = client.post("/oauth/token", body, "application/json").json().get("access_token")
    headers = {"Authorization": f"Bearer {token}"}
    document = import_document(
        resource_type="customers", inputs=[{"email": "a@b.cc", "password": "hunter2-hunter2"}]
    )
    created = client.post("/api/imports", document, "application/json", headers=headers)
    assert created.status_code == 201
    import_ = run_to_end(Import.objects.get())
    client.patch(f"/api/imports/{import_.pk}", b"{}", "application/json", headers=headers)

    found = lines(logged)
    assert str(import_.pk) in {line.get("import_id") for line in found}
    allowed = {"time", "level", "logger", "message", "exception", *NAMES}
    assert all(line.keys() <= allowed for line in found)
    for hidden in (secret, wrong, token, token.split(".")[2], "hunter2"):
        assert hidden not in logged.getvalue()
