"""Webhooks by the reference API's own clients, unmodified, and as the guide says to verify them."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.env import BASE_DIR
from tests.acceptance.api import Api
from tests.acceptance.node import Node, installed
from tests.acceptance.processes import eventually
from tests.acceptance.stack import Stack
from tests.acceptance.test_javascript_client import COLOUR, ID
from tests.receiver import Receiver, receiving, status

GUIDE = (BASE_DIR / "docs/clients.md").read_text()


def example(language: str) -> str:
    """The one example of the guide in that language."""
    [text] = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    return str(text)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Node:
    return installed(tmp_path_factory.mktemp("node"))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        found.respond = status(200, b"thanks")
        yield found


@pytest.fixture
def sending(embedded_stack: Stack) -> Iterator[Stack]:
    """One is enough: events and callbacks are tested on both databases elsewhere."""
    embedded_stack.await_ready()
    embedded_stack.sender.start()
    yield embedded_stack
    embedded_stack.sender.stop()


def test_the_sdk_has_webhooks(node: Node, sending: Stack, receiver: Receiver) -> None:
    made = sending.credentials()
    environment = {
        "IMPORTS_URL": sending.api.url,
        "CLIENT_ID": made["client_id"],
        "CLIENT_SECRET": made["client_secret"],
        "RECEIVER_URL": receiver.url,
    }

    done = node.run("--test-reporter=spec", "webhooks.test.mjs", environment=environment)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_command_line_has_webhooks(node: Node, sending: Stack, receiver: Receiver) -> None:
    client = sending.client()
    environment = {
        "IMPORTS_URL": client.url,
        "CL_CLI_ORGANIZATION": "imports",
        "CL_CLI_DOMAIN": "localhost",
        "CL_CLI_ACCESS_TOKEN": str(client.token),
    }

    def command_line(command: str, *arguments: str) -> str:
        done = node.command_line(
            f"webhooks:{command}", *arguments, environment=environment, plugin="webhooks"
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return COLOUR.sub("", done.stdout + done.stderr)

    created = command_line("create", "-t", "imports.complete", "-u", receiver.url, "-n", "mine")
    [webhook] = set(ID.findall(created))
    assert "Successfully created new webhook with topic imports.complete" in created
    client.import_("skus", [{"code": "HOOKED", "name": "Hooked"}])
    callback = sent(client, webhook)
    assert webhook in command_line("list")
    assert "thanks" in command_line("events", webhook)
    assert "thanks" in command_line("details", webhook, "--events")
    assert "thanks" in command_line("event", callback)
    assert '"imports"' in command_line("payload", callback)
    assert "Successfully updated" in command_line("update", webhook, "-n", "yours")
    assert "Successfully disabled" in command_line("disable", webhook)
    assert "Successfully enabled" in command_line("enable", webhook)
    assert "successfully reset" in command_line("reset", webhook)
    assert "Successfully destroyed" in command_line("destroy", webhook)


def test_a_callback_is_verified_as_the_guide_says(
    node: Node, tmp_path: Path, sending: Stack, receiver: Receiver
) -> None:
    client = sending.client()
    attributes = {"topic": "imports.create", "callback_url": receiver.url}
    body = {"data": {"type": "webhooks", "attributes": attributes}}
    webhook = client.post("/api/webhooks", body).document["data"]
    secret = webhook["attributes"]["shared_secret"]
    client.import_("skus", [{"code": "VERIFIED", "name": "Verified"}])
    received = eventually(lambda: receiver.received[-1:], "a callback came")[0]
    assert client.request("DELETE", f"/api/webhooks/{webhook['id']}").status == 204
    headers = {name.lower(): value for name, value in received.headers.items()}
    checks: list[Callable[..., bool]] = [in_python(), in_javascript(node)]

    for is_genuine in checks:
        assert is_genuine(secret, headers, received.body)
        assert not is_genuine(secret, headers, received.body + b" ")
        assert not is_genuine(secret[::-1], headers, received.body)


def in_python() -> Callable[..., bool]:
    names: dict[str, Any] = {}
    exec(example("python"), names)
    found: Callable[..., bool] = names["is_genuine"]
    return found


def in_javascript(node: Node) -> Callable[..., bool]:
    (node.folder / "verify.mjs").write_text(example("javascript"))

    def is_genuine(secret: str, headers: dict[str, str], body: bytes) -> bool:
        asked = {"secret": secret, "headers": headers, "body": body.decode()}
        done = subprocess.run(
            ["node", "genuine.mjs"],
            cwd=node.folder,
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout == "true"

    return is_genuine


def sent(client: Api, webhook: str) -> str:
    """The id of a callback of the webhook, once it was answered."""
    path = f"/api/webhooks/{webhook}/last_event_callbacks"

    def look() -> str:
        shown = client.get(path).document["data"]
        return next((each["id"] for each in shown if each["attributes"]["response_code"]), "")

    return eventually(look, "a callback was answered")
