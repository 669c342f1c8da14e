"""The guide's way to a type of one's own, followed to the letter in a copy of the checkout."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from config.env import BASE_DIR
from tests.acceptance import documents as guides
from tests.acceptance.api import Api
from tests.acceptance.processes import PATIENCE, clean_environment, eventually
from tests.acceptance.test_documents import SITE
from tests.servers import free_port

SECTION = re.split(r"^## ", guides.DEVELOPERS, flags=re.MULTILINE)
HOWTO = next(part for part in SECTION if part.startswith("A type of your own\n"))
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = BLOCK.findall(HOWTO)
FILE = re.compile(r"# (\S+\.py)\n")
MISTAKE = re.compile(r"With `((\w+) = .+?)`:")
SECONDS = 300

APP, START, IMPORT = (text for kind, text in BLOCKS if kind == "sh")
(LOG,) = (text for kind, text in BLOCKS if kind == "json")
EXPORT, _, CHECK, RUN = START.splitlines()
(TOLD,) = (text for kind, text in BLOCKS if not kind)


class Checkout:
    """A copy with a virtual environment, and a terminal in which the service runs."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.folder = folder
        self.api = Api(f"http://127.0.0.1:{port}")
        self.environment = clean_environment() | {"PORT": str(port), "IMPORTS_SAMPLE": "0"}
        self._service: subprocess.Popen[bytes] | None = None
        copy_checkout(folder)
        self.shell("make --touch setup")  # what is installed is there already

    def shell(self, commands: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """The commands in a terminal of their own, until they end."""
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            cwd=self.folder,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def serve(self, commands: str) -> None:
        """The commands, the last of which goes on until `stop`."""
        with self._log.open("wb") as log:
            self._service = subprocess.Popen(
                ["bash", "-euo", "pipefail", "-c", commands],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a terminal of its own, for Ctrl-C
            )
        eventually(self._is_ready, "the service is ready", SECONDS)

    def stop(self) -> None:
        if self._service is not None and self._service.poll() is None:
            os.killpg(self._service.pid, signal.SIGINT)
            self._service.wait(PATIENCE)

    def _is_ready(self) -> bool:
        assert self._service is not None
        assert self._service.poll() is None, self._log.read_text()
        return self.api.is_ready()

    @property
    def _log(self) -> Path:
        return self.folder.with_suffix(".log")


def copy_checkout(folder: Path) -> None:
    """What git knows or would add, as it is now; the packages are shared."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        if (source := BASE_DIR / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / name)
    packages = folder / ".venv"  # a folder, that nothing can be installed into the shared one
    packages.mkdir()
    for part in Path(sys.prefix).iterdir():
        if not part.name.startswith("."):
            (packages / part.name).symlink_to(part)


def files() -> Mapping[str, str]:
    """The how-to's modules by path."""
    return {
        match[1]: text for kind, text in BLOCKS if kind == "python" and (match := FILE.match(text))
    }


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """With the app, its files written, and the service started with it."""
    made = Checkout(tmp_path_factory.mktemp("howto") / "checkout")
    started = made.shell(APP)
    assert started.returncode == 0, started.stderr
    for name, text in files().items():
        assert (made.folder / name).parent.is_dir()
        (made.folder / name).write_text(text)
    try:
        made.serve(START)
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def printed(checkout: Checkout) -> list[Any]:
    """The documents that the requests print."""
    variables = guides.steps()[0].commands
    done = checkout.shell(f"{variables}\n{IMPORT}".replace(SITE, checkout.api.url))
    assert done.returncode == 0, done.stderr + done.stdout
    return list(documents(done.stdout))


def documents(text: str) -> Iterator[Any]:
    """Those that stand in the text one after the other."""
    decoder = json.JSONDecoder()
    while text := text.strip():
        document, end = decoder.raw_decode(text)
        yield document
        text = text[end:]


def test_the_how_to_has_the_files_that_it_needs() -> None:
    assert list(files()) == ["library/models.py", "library/importers.py"]


def test_the_book_that_was_right_is_there(printed: list[Any]) -> None:
    sent = json.loads(re.findall(r"^ *(\{\"isbn\".*?\}),?$", IMPORT, re.MULTILINE)[0])
    (book,) = printed[-1]["data"]

    assert sent.items() <= book["attributes"].items()
    assert book["relationships"]["shelf"]["data"]["type"] == "shelves"


def test_the_other_rows_get_the_errors_that_the_how_to_shows(printed: list[Any]) -> None:
    (import_,) = printed[-2]["data"]

    assert import_["attributes"] == {"status": "completed", "errors_log": json.loads(LOG)}


def test_a_mistake_is_reported_as_the_how_to_shows(checkout: Checkout) -> None:
    match = MISTAKE.search(HOWTO)
    assert match
    wrong, name = match.groups()
    path = checkout.folder / "library/importers.py"
    right = path.read_text()
    start = right.index(f"    {name} = ", right.index("class BookImporter"))
    end = right.index("\n", start)
    path.write_text(f"{right[:start]}    {wrong}{right[end:]}")
    try:
        outcomes = [
            checkout.shell(f"{EXPORT}\n{CHECK}"),
            checkout.shell(
                f"{EXPORT}\n{RUN}",
                PORT=str(free_port()),
                IMPORTS_DATA_DIR=str(checkout.folder / "var-2"),  # the other one is in use
            ),
        ]
    finally:
        path.write_text(right)

    for outcome in outcomes:
        assert outcome.returncode != 0
        assert " ".join(TOLD.split()) in " ".join(outcome.stderr.split())
    assert "Can't start" in outcomes[1].stderr


def test_importers_of_an_app_that_is_not_named_are_reported(checkout: Checkout) -> None:
    told = checkout.shell(CHECK)

    assert "IMPORTS_APPS=library" in told.stderr
