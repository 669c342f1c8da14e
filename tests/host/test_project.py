"""The app in a project that others have made, and that knows nothing of ours."""

import shutil
from pathlib import Path

import pytest

from tests.host.conftest import TABLES, Host, Said, copy
from tests.host.environment import Environment

EXTRA_SETTINGS = ("--settings", "shop.with_extras")
EXTRAS = {"files", "metrics", "schema", "unfold"}


def test_check_finds_nothing_wrong_and_names_the_extras_that_are_not_there(host: Host) -> None:
    said = host.manage("check", "--fail-level", "WARNING")
    assert {extra for extra in EXTRAS if f'pip install "imports-api[{extra}]"' in said} == EXTRAS


def test_check_says_what_background_work_lacks(host: Host) -> None:
    said = host.manage("check", "--settings", "shop.without_beat")
    assert "imports.W104" in said


def test_the_app_needs_no_further_migrations(host: Host) -> None:
    assert "No changes" in host.manage("makemigrations", "--check", "--dry-run", "imports_app")


@pytest.mark.usefixtures("guided")
def test_the_projects_own_tests_pass_and_staff_import_a_file_in_its_own_admin(host: Host) -> None:
    one = "library.staff.Staff.test_a_file_becomes_records"  # in a file that isn't discovered
    assert "OK" in host.manage("test", "--keepdb", ".", one)


def test_the_projects_own_authentication_lets_callers_in(bare_host: Host) -> None:
    own = ("--settings", "shop.own_authentication")
    said = bare_host.manage("check", "--fail-level", "WARNING", *own)
    assert 'pip install "imports-api[oauth]"' in said
    said = bare_host.manage("test", "--no-input", "library.own_callers", *own)
    assert "OK" in said


def test_the_projects_own_provider_of_tokens_stays_as_it_is(
    environment: Environment, project: Path, tmp_path: Path
) -> None:
    own = ("--settings", "shop.own_provider")
    host = Host(environment, copy(project, tmp_path))
    host.manage("check", "--fail-level", "WARNING", *own)
    host.manage("makemigrations", "partners", *own)
    assert "OK" in host.manage("test", "--no-input", "library.own_provider", *own)


def test_check_finds_nothing_with_extras(host_with_extras: Host) -> None:
    assert "no issues" in host_with_extras.manage("check", *EXTRA_SETTINGS)


@pytest.mark.usefixtures("guided")
def test_with_extras_staff_import_a_file(host: Host, host_with_extras: Host) -> None:
    shutil.copy(host.folder / TABLES, host_with_extras.folder)
    said = host_with_extras.manage("test", "--keepdb", "library.staff", *EXTRA_SETTINGS)
    assert "OK" in said


@pytest.mark.usefixtures("guided_on_postgresql")
def test_the_projects_own_tests_pass_on_postgresql(host_on_postgresql: Host) -> None:
    one = "library.staff.Staff.test_a_file_becomes_records"
    assert "OK" in host_on_postgresql.manage("test", "--no-input", "library.tests", one)


@pytest.mark.parametrize("guide", ["guided", "guided_on_postgresql"])
def test_the_commands_of_the_guide_work_one_after_the_other(
    guide: str, request: pytest.FixtureRequest
) -> None:
    said: Said = request.getfixturevalue(guide)
    (imported,) = (text for command, text in said if "import_file" in command)
    assert "completed: 1 created" in imported
    assert "client_secret" in said[-1][1]


@pytest.mark.usefixtures("guided")
def test_everything_works_in_a_database_that_is_not_the_default(host: Host) -> None:
    own = ("--settings", "shop.own_database")
    host.manage("check", "--fail-level", "WARNING", "--database", "records", *own)
    one = "library.staff.Staff.test_a_file_becomes_records"
    assert "OK" in host.manage("test", "--keepdb", "library.tests", one, *own)


def test_commands_work_in_a_database_that_is_not_the_default_one(host: Host) -> None:
    own = ("--settings", "shop.own_database")
    prune = "prune_events --older-than 90d"
    said = host.shell(f"python manage.py {prune} {' '.join(own)} 2>&1 || true")
    migrate = "migrate --database records"
    assert f"run `python manage.py {migrate}`" in said
    host.manage(*migrate.split(), *own)
    (host.folder / "authors.csv").write_text("email,name\nursula@example.com,Ursula\n")
    said = host.manage("import_file", "authors", "authors.csv", "--here", *own)
    assert "completed: 1 created" in said
    assert "not applied" not in host.manage(*prune.split(), *own)
