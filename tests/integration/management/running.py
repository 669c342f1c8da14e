"""Commands as the shell runs them."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import get_commands, load_command_class


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str


def run(capsys: pytest.CaptureFixture[str], name: str, *arguments: str) -> Ended:
    """Runs it and tells its exit code and what it printed."""
    command: Any = load_command_class(get_commands()[name], name)
    code = 0
    try:
        command.run_from_argv(["manage.py", name, *arguments])
    except SystemExit as end:
        code = int(end.code or 0)
    captured = capsys.readouterr()
    return Ended(code, captured.out, captured.err)
