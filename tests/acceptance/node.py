"""The clients of the reference API on npm, installed once and run as they are."""

import os
import shutil
import subprocess
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from config.env import BASE_DIR
from tests.acceptance.processes import clean_environment

SCRIPTS = Path(__file__).parent / "javascript"
INSTALL = ("install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts")
RETRY = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000")
NODE_MAJOR = 20
SECONDS = 240


class Node:
    """Runs scripts and commands of the packages in a folder that has them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(
        self, *arguments: str | Path, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Run it against the service at the environment's IMPORTS_URL."""
        redirect = f"--import={(self.folder / 'redirect.mjs').as_uri()}"
        return _run(
            ["node", *arguments],
            self.folder,
            {"HOME": str(self.folder), "NO_UPDATE_NOTIFIER": "1", "NODE_OPTIONS": redirect}
            | dict(environment),
        )

    def command_line(
        self, *arguments: str | Path, environment: Mapping[str, str], plugin: str = "imports"
    ) -> subprocess.CompletedProcess[str]:
        """A plugin of the command-line client."""
        program = f"node_modules/@commercelayer/cli-plugin-{plugin}/bin/run.js"
        return self.run(program, *arguments, environment=environment)


def installed(folder: Path) -> Node:
    """Node with the packages and scripts in this folder; skips, saying why, if it can't be had."""
    shutil.copytree(SCRIPTS, folder, dirs_exist_ok=True)
    (folder / "node_modules").symlink_to(_packages(), target_is_directory=True)
    return Node(folder)


def _packages() -> Path:
    """The installed packages, kept between runs under a name that changes with their list."""
    wanted = (SCRIPTS / "package.json").read_bytes()
    kept = BASE_DIR / "var" / f"npm-{zlib.crc32(wanted):08x}"
    if not kept.exists():
        _check_node()
        _install(kept)
    return kept / "node_modules"


def _check_node() -> None:
    if shutil.which("node") is None or shutil.which("npm") is None:
        _skip("node and npm are not installed")
    version = _run(["node", "--version"], BASE_DIR, {}).stdout.strip()
    if int(version.removeprefix("v").partition(".")[0]) < NODE_MAJOR:
        _skip(f"node {version} is too old, the packages need {NODE_MAJOR}")


def _install(kept: Path) -> None:
    """Elsewhere first, so that an installation that was cut off is never taken for a whole one."""
    partial = kept.with_name(f"{kept.name}.{os.getpid()}")
    partial.mkdir(parents=True)
    try:
        shutil.copy(SCRIPTS / "package.json", partial)
        done = _run(["npm", *INSTALL, *RETRY], partial, {})
        if done.returncode != 0:
            _skip(f"npm could not install the packages: {done.stderr[:300]}")
        if not kept.exists():  # another of xdist's workers may have been faster
            partial.rename(kept)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _skip(reason: str) -> None:
    pytest.skip(f"*** the JavaScript clients did NOT run: {reason}")


def _run(
    command: list[str | Path], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=clean_environment() | dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
