import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from imports_app.oauth.management.commands.create_client import Command
from imports_app.oauth.models import ApiClient

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def create(*arguments: str) -> str:
    output = StringIO()
    call_command("create_client", *arguments, stdout=output)
    return output.getvalue()


@pytest.mark.backend
def test_json_is_exactly_the_credentials(client: Client) -> None:
    printed = create("shop", "--mode", "test", "--json")

    credentials = json.loads(printed)
    assert set(credentials) == {"client_id", "client_secret"}
    assert printed.count("\n") == 1
    answer = client.post(
        "/oauth/token", {"grant_type": "client_credentials", **credentials}, "application/json"
    )
    assert answer.status_code == 200


def test_people_see_everything_they_need_once() -> None:
    printed = create("My shop", "--mode", "live")

    client = ApiClient.objects.get()
    assert (client.name, client.mode) == ("My shop", "live")
    for text in ("My shop", "live", "imports:read imports:write", client.client_id, "again"):
        assert text in printed


def test_scopes_can_be_chosen() -> None:
    create("shop", "--mode", "test", "--scopes", "imports:cleanup imports:read")

    assert ApiClient.objects.get().scopes == "imports:read imports:cleanup"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["shop"], "--mode"),
        (["--mode", "test"], "NAME"),
        (["shop", "--mode", "staging"], "invalid choice: 'staging'"),
        (["shop", "--mode", "test", "--scopes", "imports:all"], "unknown: imports:all"),
        (["shop", "--mode", "test", "--scopes", ""], "scopes"),
        (["", "--mode", "test"], "name"),
        (["a\nb", "--mode", "test"], "control"),
    ],
)
def test_errors_of_the_arguments_are_shown(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        create(*arguments)

    assert not ApiClient.objects.exists()


def test_from_the_shell_an_error_is_a_line_and_an_exit_code(capsys: Any) -> None:
    arguments = ["manage.py", "create_client", "shop", "--mode", "test", "--scopes", "nothing"]

    with pytest.raises(SystemExit) as caught:
        Command().run_from_argv(arguments)

    captured = capsys.readouterr()
    assert caught.value.code == 2
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "unknown: nothing" in captured.err


def test_the_help_lists_the_scopes_and_the_modes(capsys: Any) -> None:
    with pytest.raises(SystemExit) as caught:
        call_command("create_client", "--help")

    assert caught.value.code == 0
    printed = capsys.readouterr().out
    for text in ("imports:cleanup", "Let an import destroy", "{test,live}", "--json"):
        assert text in printed
