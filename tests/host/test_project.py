"""The app in a project that others have made, and that knows nothing of ours."""

from tests.host.conftest import Host

EXTRAS = {"metrics", "schema", "unfold"}


def test_check_finds_nothing_wrong_and_names_the_extras_that_are_not_there(host: Host) -> None:
    said = host.manage("check", "--fail-level", "WARNING")
    assert {extra for extra in EXTRAS if f'pip install "imports-api[{extra}]"' in said} == EXTRAS


def test_check_says_what_background_work_lacks(host: Host) -> None:
    said = host.manage("check", SHOP_WITHOUT_BEAT="1")
    assert "imports.W104" in said


def test_it_needs_no_migration_but_those_it_has(host: Host) -> None:
    assert "No changes" in host.manage("makemigrations", "--check", "--dry-run", "imports_app")


def test_the_projects_own_tests_pass(host: Host) -> None:
    host.manage("makemigrations", "members", "library")
    assert "OK" in host.manage("test", "--no-input")


def test_with_extras_check_finds_nothing_at_all(host_with_extras: Host) -> None:
    assert "no issues" in host_with_extras.manage("check", SHOP_WITH_EXTRAS="1")


def test_with_extras_staff_import_a_file(host_with_extras: Host) -> None:
    host_with_extras.manage("makemigrations", "members", "library")
    said = host_with_extras.manage("test", "--no-input", "library.staff", SHOP_WITH_EXTRAS="1")
    assert "OK" in said
