"""The commands of the README and the guides, taken out of them as they stand."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.env import BASE_DIR

README = (BASE_DIR / "README.md").read_text()
CLIENTS = (BASE_DIR / "docs/clients.md").read_text()
DEVELOPERS = (BASE_DIR / "docs/developers.md").read_text()
OPERATORS = (BASE_DIR / "docs/operators.md").read_text()
# In the order in which a reader comes to them: each goes on with the variables of the README.
TEXTS = (README, CLIENTS, OPERATORS)
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STEP = re.compile(r"^# (\d{3}|0): (.*)\n((?:(?!# (?:\d{3}|0): ).*\n)+)", re.MULTILINE)
OPERATION = re.compile(r"^\| `([A-Z]+) (/\S*)` \|.*\| (\d{3})[^|]*\|$", re.MULTILINE)

# Curl itself tells what it asked for and what came, so that the commands run as they are.
CURLRC = r'write-out = "%{stderr}\n= %{method} %{url} %{http_code}\n"' + "\nfail-with-body\n"
REQUEST = re.compile(r"^= ([A-Z]+) https?://[^/]+(/[^? ]*)\S* (\d{3})$", re.MULTILINE)
SECONDS = 500  # for all commands, some of which wait for a minute


@dataclass(frozen=True)
class Step:
    """Some commands, and what the document says they get.

    Attributes:
        status: that of every answer; 0 if the commands send no request and just end well.
    """

    title: str
    status: int
    commands: str


@dataclass(frozen=True, order=True)
class Request:
    """A request and the status of its answer; a path in a document has names in braces."""

    method: str
    path: str
    status: int

    def is_one_of(self, documented: "Request") -> bool:
        pattern = re.sub(r"\{\w+\}", "[^/]+", documented.path)
        same = (self.method, self.status) == (documented.method, documented.status)
        return same and re.fullmatch(pattern, self.path) is not None


@dataclass(frozen=True)
class Outcome:
    """What the commands of one step printed, and their requests."""

    printed: str
    requests: Sequence[Request]


def steps() -> list[Step]:
    """Every command that names its status, in order."""
    return [
        Step(title, int(status), commands)
        for text in TEXTS
        for block in BLOCK.findall(text)
        for status, title, commands in STEP.findall(block)
    ]


def operations() -> list[Request]:
    """The rows of the clients' table of requests, each with the status of a success."""
    return requests(OPERATION, CLIENTS)


def requests(pattern: re.Pattern[str], text: str) -> list[Request]:
    return [Request(method, path, int(status)) for method, path, status in pattern.findall(text)]


def run(folder: Path, environment: Mapping[str, str], replaced: tuple[str, str]) -> list[Outcome]:
    """Runs all steps in one shell in the folder, as a reader does; the first failure ends it."""
    (folder / ".curlrc").write_text(CURLRC)
    marked = [f"echo '== step' | tee /dev/stderr\n{step.commands}" for step in steps()]
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(marked).replace(*replaced)],
        cwd=folder,
        env={**environment, "CURL_HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    printed, told = (text.split("== step\n")[1:] for text in (done.stdout, done.stderr))
    return [Outcome(out, requests(REQUEST, err)) for out, err in zip(printed, told, strict=True)]
