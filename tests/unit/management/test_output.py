"""What becomes of a program whose output nobody reads to its end."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.env import BASE_DIR
from tests.acceptance.processes import clean_environment

pytestmark = pytest.mark.processes

SAID = """
from config.supervisor.service import say
say("first")
say("second")
"""


def unread(arguments: list[str], folder: Path, *, unbuffered: str = "") -> tuple[int, str]:
    """The exit code of such a program, and what it says of it."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=BASE_DIR,
        env=clean_environment() | {"IMPORTS_DATA_DIR": str(folder), "PYTHONUNBUFFERED": unbuffered},
        stdin=subprocess.DEVNULL,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("command", "unbuffered"),
    [
        ("list_importers", ""),
        ("list_importers --json", "1"),
        ("import_file --help", ""),
        ("show_settings", ""),
    ],
)
def test_a_command_ends_without_a_word(command: str, unbuffered: str, tmp_path: Path) -> None:
    ended = unread(["manage.py", *command.split()], tmp_path, unbuffered=unbuffered)

    assert ended == (128 + signal.SIGPIPE, "")


def test_a_service_goes_on(tmp_path: Path) -> None:
    setup = "import django; django.setup()"

    assert unread(["-c", setup + SAID], tmp_path) == (0, "")
