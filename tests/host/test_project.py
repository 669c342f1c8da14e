"""The app in a project that others have made, and that knows nothing of ours."""

from tests.host.conftest import Host


def test_check_finds_nothing_wrong(host: Host) -> None:
    assert "no issues" in host.manage("check")


def test_it_needs_no_migration_but_those_it_has(host: Host) -> None:
    assert "No changes" in host.manage("makemigrations", "--check", "--dry-run", "imports_app")


def test_the_projects_own_tests_pass(host: Host) -> None:
    host.manage("makemigrations", "members", "library")
    assert "OK" in host.manage("test", "--no-input")
