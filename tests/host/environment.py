"""A fresh environment with the built wheel in it, made of what is installed already.

No registry is asked: the packages that the wheel requires, and theirs, are linked from the
environment of the tests, and nothing else is. So what it forgets to require isn't there.
"""

import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from importlib.metadata import Distribution, PathDistribution, distribution
from pathlib import Path
from zipfile import Path as ZipPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def build(folder: Path) -> Path:
    """Build the source distribution into that folder, and of it the wheel, which is returned."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder)]
    run(*command, str(ROOT), cwd=folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


class Environment:
    """A virtual environment, in that folder, with the wheel and some of its extras installed."""

    def __init__(self, folder: Path, wheel: Path, extras: str = "") -> None:
        venv.create(folder, with_pip=False, symlinks=True)
        self.python = folder / "bin" / "python"
        self._site = next(folder.glob("lib/python3*/site-packages"))
        _link(distribution("pip"), self._site)
        wanted = Requirement(f"imports-api[{extras}]")
        for found in _required(_metadata(wheel), wanted.extras):
            _link(found, self._site)
        target = f"{wheel}[{extras}]" if extras else str(wheel)
        self.run("-m", "pip", "install", "--no-index", "--disable-pip-version-check", target)

    def run(self, *arguments: str, cwd: Path | None = None, **variables: str) -> str:
        """Run its Python, and return what it printed; fail with that if it fails."""
        return run(str(self.python), *arguments, cwd=cwd or self._site, **variables)


def run(*command: str, cwd: Path, **variables: str) -> str:
    """Run a command in none of the tests' own settings, and return what it printed."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**kept, "PYTHONWARNINGS": "error::DeprecationWarning:imports_app", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def _metadata(wheel: Path) -> Distribution:
    (folder,) = (path for path in ZipPath(wheel).iterdir() if path.name.endswith(".dist-info"))
    return PathDistribution(folder)


def _required(found: Distribution, extras: set[str]) -> Iterator[Distribution]:
    """Yield all that a distribution needs, and what that needs, once each."""
    seen: set[tuple[str, str]] = set()
    waiting = [(found, extra) for extra in ("", *extras)]
    while waiting:
        each, wanted = waiting.pop()
        for text in each.requires or ():
            requirement = Requirement(text)
            if requirement.marker and not requirement.marker.evaluate({"extra": wanted}):
                continue
            name = canonicalize_name(requirement.name)
            for extra in ("", *requirement.extras):
                if (name, extra) not in seen:
                    seen.add((name, extra))
                    needed = found if name == canonicalize_name(found.name) else distribution(name)
                    waiting.append((needed, extra))
                    if not extra and needed is not found:
                        yield needed


def _link(found: Distribution, site: Path) -> None:
    """Link the top-level modules of an installed distribution, and what pip knows it by."""
    names = {path.parts[0] for path in found.files or () if path.parts[0] not in ("..", "bin")}
    for name in names - {"__pycache__"}:
        link = site / name
        if not link.exists():
            link.symlink_to(Path(str(found.locate_file(name))))
