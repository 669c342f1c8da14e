"""The reference API's own clients, unmodified: the JavaScript SDK and the command line's plugin."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.api import Api
from tests.acceptance.node import Node, installed
from tests.acceptance.rows import Row, codes, invalid, sku_rows
from tests.acceptance.stack import Stack

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class CommandLine:
    """`cl imports:…` of a client that signed in."""

    def __init__(self, node: Node, environment: Mapping[str, str]) -> None:
        self._node = node
        self._environment = environment

    def __call__(self, command: str, *arguments: str | Path) -> str:
        """What it printed, without colours."""
        done = self._node.command_line(
            f"imports:{command}", *arguments, environment=self._environment
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return COLOUR.sub("", done.stdout + done.stderr)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Node:
    return installed(tmp_path_factory.mktemp("node"))


@pytest.fixture
def client(embedded_stack: Stack) -> Api:
    embedded_stack.await_ready()
    return embedded_stack.client()


@pytest.fixture
def command_line(node: Node, client: Api) -> CommandLine:
    return CommandLine(
        node,
        {
            "IMPORTS_URL": client.url,
            "CL_CLI_ORGANIZATION": "imports",
            "CL_CLI_DOMAIN": "localhost",
            "CL_CLI_ACCESS_TOKEN": str(client.token),
        },
    )


def file_of(rows: list[Row], folder: Path) -> Path:
    file = folder / "rows.json"
    file.write_text(json.dumps(rows))
    return file


def imports_in(output: str, client: Api) -> list[Any]:
    """The attributes of the imports that the output names, by reference."""
    found = [
        client.get(f"/api/imports/{id_}").document["data"]["attributes"]
        for id_ in set(ID.findall(output))
    ]
    return sorted(found, key=lambda attributes: attributes["reference"])


def test_the_sdk_gets_what_it_asks_for(node: Node, stack: Stack) -> None:
    made = stack.credentials()
    environment = {
        "IMPORTS_URL": stack.api.url,
        "CLIENT_ID": made["client_id"],
        "CLIENT_SECRET": made["client_secret"],
    }

    done = node.run("--test-reporter=spec", "sdk.test.mjs", environment=environment)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_command_line_imports_a_file_in_parts_and_says_how_it_ended(
    command_line: CommandLine, client: Api, tmp_path: Path
) -> None:
    rows = sku_rows(250)
    file = file_of([invalid(row) if row is rows[7] else row for row in rows], tmp_path)

    output = command_line("create", "-t", "skus", "-i", file, "-s", "100", "--quiet")

    assert "Import of 250 skus completed with errors." in output
    made = imports_in(output, client)
    assert [attributes["inputs_size"] for attributes in made] == [100, 100, 50]
    assert [attributes["errors_count"] for attributes in made] == [1, 0, 0]
    assert [attributes["metadata"]["chunk_number"] for attributes in made] == ["1/3", "2/3", "3/3"]
    group = made[0]["metadata"]["group_id"]
    assert set(ID.findall(command_line("group", group))) == set(ID.findall(output))


def test_the_command_line_imports_csv(
    command_line: CommandLine, client: Api, tmp_path: Path
) -> None:
    rows = sku_rows(3)
    file = tmp_path / "rows.csv"
    lines = [f'{row["code"]},"{row["name"]}, new"' for row in rows]
    file.write_bytes("\r\n".join(["\ufeffcode,name", *lines, ""]).encode())

    output = command_line("create", "-t", "skus", "-i", file, "--csv", "--quiet")

    assert "Import of 3 skus completed." in output
    [made] = imports_in(output, client)
    assert (made["format"], made["created_count"], made["warnings_count"]) == ("csv", 3, 0)
    assert made["inputs"] == [{**row, "name": f"{row['name']}, new"} for row in rows]


def test_the_command_line_shows_and_deletes_an_import(
    command_line: CommandLine, client: Api, tmp_path: Path
) -> None:
    rows = [invalid(row) for row in sku_rows(1)]
    import_ = client.import_("skus", rows)

    details = command_line("details", import_["id"], "--inputs", "--logs")

    assert "INPUTS\t[ 1 record ]" in details
    assert "ERROR LOG\t[ 1 error ]" in details
    assert "can't be blank" in details
    assert codes(rows)[0] in details
    listed = command_line("list", "-t", "skus", "-s", "interrupted")
    assert import_["id"] in listed
    assert "Successfully deleted" in command_line("delete", import_["id"])
    assert client.get(f"/api/imports/{import_['id']}").status == 404


def test_the_command_line_shows_a_refusal(
    command_line: CommandLine, client: Api, tmp_path: Path
) -> None:
    file = file_of([{"sku_code": "A", "amount_cents": 1}], tmp_path)

    output = command_line("create", "-t", "prices", "-p", "999999999", "-i", file, "--quiet")

    assert "parent_resource_id - must exist" in output
    assert "Import of 1 prices completed with errors." in output
