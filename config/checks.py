"""Warns of importers that aren't loaded because IMPORTS_APPS doesn't name their app."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Warning, register  # noqa: A004  (its name there)

from config.env import BASE_DIR


@register("imports")
def check_apps(**_: Any) -> list[CheckMessage]:
    """Return a warning for each app beside manage.py that has importers and isn't installed."""
    return list(not_installed(BASE_DIR))


def not_installed(root: Path) -> list[CheckMessage]:
    """Return a warning for each app directly below `root` that isn't installed."""
    found = [path.parent for path in root.glob("*/importers.py")]
    found += [path.parent.parent for path in root.glob("*/importers/__init__.py")]
    return [
        Warning(
            f"The importers of {folder.name} are not loaded, because the app is not installed.",
            hint=f"Add the app to the environment variable: IMPORTS_APPS={folder.name}",
            obj=f"{folder.name}.importers",
            id="imports.W001",
        )
        for folder in sorted(found)
        if not apps.is_installed(folder.name)
    ]
