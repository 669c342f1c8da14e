"""What the documents point at is there: links, paths, commands, settings, layers, states."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.core.management import get_commands

from config.env import BASE_DIR
from config.variables import VARIABLES
from imports_app.conf import SETTINGS, django_name
from imports_app.models.status import Move
from tests.benchmarks import measures
from tests.benchmarks.bench import names

OTHERS = {"CELERY_BEAT_SCHEDULE"}  # settings of projects, which are none of ours
README_BYTES = 10_000
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
TOP = ("config/", "docs/", "imports_app/", "tests/", ".ci/")
PATH = re.compile(r"[\w.*/-]+")
MODULE = re.compile(r"(?:config|imports_app|tests)(?:\.\w+)+")
VARIABLE = re.compile(r"\b(?:IMPORTS|DJANGO|DATABASE|CELERY)_[A-Z_]+[A-Z]\b")
MAKE = re.compile(r"\bmake ([a-z][a-z0-9-]*)")
MANAGE = re.compile(r"\bmanage\.py ([a-z_]+)")
RUN_MODULE = re.compile(r"\bpython -m ([\w.]+)")
ONLY = re.compile(r"\bmake bench ONLY=([\w,]+)")


def listed() -> list[str]:
    """Every document that git knows or would add."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    run = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=True)
    return sorted(name for name in run.stdout.splitlines() if (BASE_DIR / name).is_file())


DOCUMENTS = listed()
document = pytest.mark.parametrize("name", DOCUMENTS)


def text_of(name: str) -> str:
    return (BASE_DIR / name).read_text()


def prose(name: str) -> str:
    """Without the blocks of code."""
    return FENCE.sub("", text_of(name))


def links(name: str) -> list[str]:
    """The targets of its links, without those that stand in code."""
    return LINK.findall(CODE.sub("", prose(name)))


def anchors(file: Path) -> list[str]:
    """As forges make them of its headings."""
    headings = HEADING.findall(FENCE.sub("", file.read_text()))
    return [re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings]


def missing_links(name: str) -> Iterator[str]:
    for target in links(name):
        path, _, fragment = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        file = (BASE_DIR / name).parent / path if path else BASE_DIR / name
        if not file.exists() or (fragment and fragment not in anchors(file)):
            yield target


def missing_paths(name: str) -> Iterator[str]:
    for code in CODE.findall(prose(name)):
        is_path = code.startswith(TOP) and PATH.fullmatch(code)
        if is_path and not any(BASE_DIR.glob(code.rstrip("/"))):
            yield code


def exists(dotted: str) -> bool:
    """Whether it is a module, or something in one."""
    parent, _, name = dotted.rpartition(".")
    try:
        if find_spec(dotted) is not None:
            return True
    except ModuleNotFoundError:
        pass
    module = find_spec(parent)
    return (
        module is not None
        and re.search(rf"\b{name}\b", Path(module.origin or "").read_text()) is not None
    )


@document
def test_every_link_leads_somewhere(name: str) -> None:
    assert list(missing_links(name)) == []


@document
def test_every_path_exists(name: str) -> None:
    assert list(missing_paths(name)) == []


@document
def test_every_module_exists(name: str) -> None:
    named = {code for code in CODE.findall(prose(name)) if MODULE.fullmatch(code)}

    assert [dotted for dotted in sorted(named) if not exists(dotted)] == []


@document
def test_every_command_exists(name: str) -> None:
    text = text_of(name)
    code = "\n".join([*CODE.findall(prose(name)), *(body for _, body in FENCE.findall(text))])
    targets = set(re.findall(r"^([a-z0-9-]+):", text_of("Makefile"), re.MULTILINE))
    measures.load()

    assert set(MAKE.findall(code)) - targets == set()
    assert set(MANAGE.findall(code)) - get_commands().keys() == set()
    assert [each for each in RUN_MODULE.findall(code) if find_spec(each) is None] == []
    assert {m for only in ONLY.findall(code) for m in only.split(",")} - set(names()) == set()


@document
def test_every_setting_is_declared(name: str) -> None:
    if name != "CHANGELOG.md":  # which names those that are gone, too
        declared = VARIABLES.keys() | {django_name(each) for each in SETTINGS} | OTHERS
        assert set(VARIABLE.findall(text_of(name))) - declared == set()


def test_the_readme_is_short() -> None:
    assert len(text_of("README.md").encode()) <= README_BYTES


def test_every_document_can_be_reached_from_the_readme() -> None:
    reached, new = set[str](), {"README.md"}
    while new:
        reached |= new
        new = {
            str((BASE_DIR / name).parent.joinpath(path).resolve().relative_to(BASE_DIR))
            for name in new
            for path in (target.partition("#")[0] for target in links(name))
            if path.endswith(".md")
        } - reached

    assert set(DOCUMENTS) - reached == set()


def test_the_diagram_has_the_moves_of_the_status_table() -> None:
    drawn = re.findall(r"^ +(\w+) --> (\w+):", text_of("docs/architecture.md"), re.MULTILINE)

    assert set(drawn) == {
        (source.value, move.target.value) for move in Move for source in move.sources
    }


def test_the_architecture_has_the_layers_of_the_project() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]

    assert "```text\n" + "\n".join(layers) + "\n```" in text_of("docs/architecture.md")


def test_the_architecture_has_a_line_for_every_part_of_the_app() -> None:
    parts = {
        f"imports_app/{path.name}"
        for path in (BASE_DIR / "imports_app").iterdir()
        if not path.name.startswith("_")
    }
    rooms = {
        f"imports_app/engine/{path.name}"
        for path in (BASE_DIR / "imports_app/engine").iterdir()
        if not path.name.startswith("_")
    }
    lines = re.findall(r"^\| `(imports_app/\S+)` \|", text_of("docs/architecture.md"), re.MULTILINE)

    assert sorted(lines) == sorted(parts | rooms)


def test_every_decision_is_in_the_index() -> None:
    files = {path.name for path in (BASE_DIR / "docs/decisions").glob("*.md")} - {"README.md"}

    assert sorted(set(links("docs/decisions/README.md")) & files) == sorted(files)
