"""Says which importers nobody loads, because IMPORTS_APPS doesn't name their app."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Warning, register  # noqa: A004  (its name there)

from config.env import BASE_DIR


@register("imports")
def check_apps(**_: Any) -> list[CheckMessage]:
    """Return a warning for each folder beside manage.py that has importers and is not installed."""
    return list(not_installed(BASE_DIR))


def not_installed(root: Path) -> list[CheckMessage]:
    """Return the apps below that folder that are not installed."""
    found = [path.parent for path in root.glob("*/importers.py")]
    found += [path.parent.parent for path in root.glob("*/importers/__init__.py")]
    return [
        Warning(
            f"Nobody loads the importers of {folder.name}, which is no installed app.",
            hint=f"Add it to the variable: IMPORTS_APPS={folder.name}",
            obj=f"{folder.name}.importers",
            id="imports.W001",
        )
        for folder in sorted(found)
        if not apps.is_installed(folder.name)
    ]
