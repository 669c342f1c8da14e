"""What is installed: the service's packages, and apart from them what only developers use."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from config.env import BASE_DIR

PROJECT: dict[str, Any] = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())
SERVICE = BASE_DIR / "requirements.txt"
TOOLS = BASE_DIR / "tests/requirements.txt"
NAMED = [
    (SERVICE, PROJECT["project"]["dependencies"]),
    *((TOOLS, group) for group in PROJECT["dependency-groups"].values()),
]
PIN = re.compile(r"^(?P<requirement>[\w.-]+.*?)(?P<hashes>( --hash=sha256:[0-9a-f]{64})+)$")


def pins(path: Path) -> dict[str, Requirement]:
    """What a file of requirements installs, by canonical name."""
    text = re.sub(r"^ *#.*\n", "", path.read_text().replace("\\\n", " "), flags=re.MULTILINE)
    found: dict[str, Requirement] = {}
    for line in text.splitlines():
        match = PIN.match(re.sub(r" +", " ", line).strip())
        assert match, f"{path.name} has a line that pins nothing by its hash: {line}"
        requirement = Requirement(match["requirement"])
        found[canonicalize_name(requirement.name)] = requirement
    return found


@pytest.mark.parametrize("path", [SERVICE, TOOLS], ids=["service", "tools"])
def test_every_package_is_pinned_to_one_version_and_its_hashes(path: Path) -> None:
    assert all(re.fullmatch(r"==[\w.]+", str(pin.specifier)) for pin in pins(path).values())


def test_every_requirement_is_pinned_within_its_range() -> None:
    """`make lock` was run since."""
    for path, named in NAMED:
        pinned = pins(path)
        for wanted in map(Requirement, named):
            pin = pinned[canonicalize_name(wanted.name)]
            version = str(pin.specifier).removeprefix("==")
            assert wanted.specifier.contains(version), f"{pin} isn't {wanted}: `make lock`"


def test_both_files_pin_shared_packages_to_the_same_versions() -> None:
    service, tools = pins(SERVICE), pins(TOOLS)

    assert {n: str(service[n].specifier) for n in service.keys() & tools} == {
        n: str(tools[n].specifier) for n in service.keys() & tools
    }


def test_the_service_installs_nothing_that_only_developers_name() -> None:
    groups = PROJECT["dependency-groups"].values()
    tools = {canonicalize_name(Requirement(named).name) for group in groups for named in group}

    assert tools & pins(SERVICE).keys() == set()
