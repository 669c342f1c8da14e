from pathlib import Path

import pytest

from config.checks import check_apps, not_installed

pytestmark = pytest.mark.backend


def test_importers_of_an_app_that_is_not_installed_are_named(tmp_path: Path) -> None:
    for file in (
        "library/importers.py",
        "museum/importers/__init__.py",
        "imports_app/importers.py",
    ):
        (tmp_path / file).parent.mkdir(parents=True)
        (tmp_path / file).touch()

    messages = not_installed(tmp_path)

    assert [message.obj for message in messages] == ["library.importers", "museum.importers"]
    assert "IMPORTS_APPS=library" in str(messages[0].hint)


def test_all_apps_of_the_project_are_installed() -> None:
    assert check_apps() == []
