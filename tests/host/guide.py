"""The guide for projects that install the app, followed to the letter."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.host.environment import ROOT

GUIDE = ROOT / "docs" / "install.md"
CODE = re.compile(r"^```python\n# (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PACKAGE = "shop"  # where the project has its settings and URLs


def follow(project: Path) -> None:
    """Append to the files of the project what the guide gives for each."""
    for name, text in CODE.findall(GUIDE.read_text()):
        file = project / (name if "/" in name else f"{PACKAGE}/{name}")
        before = file.read_text() if file.exists() else ""
        file.write_text(f"{before}\n{text}")


def commands() -> Iterator[str]:
    """Yield the commands of the guide but for those that install packages."""
    for block in COMMANDS.findall(GUIDE.read_text()):
        yield from (line for line in block.splitlines() if not line.startswith("pip install"))
