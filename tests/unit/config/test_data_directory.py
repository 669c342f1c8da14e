"""The data directory of the service and what is in it belong to their owner alone."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from config.supervisor.requirements import require_writable


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_data_directory_that_others_can_read_is_closed_to_them(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "keys").mkdir(0o755)
    (tmp_path / "db.sqlite3").touch(0o644)

    require_writable(tmp_path)

    assert {rights(tmp_path), rights(tmp_path / "keys")} == {0o700}
    assert rights(tmp_path / "db.sqlite3") == 0o600


def test_other_files_in_the_data_directory_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "shared.txt").touch(0o644)

    require_writable(tmp_path)

    assert rights(tmp_path / "shared.txt") == 0o644


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make what is another user's")
def test_a_data_directory_of_another_user_gets_a_warning(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with TemporaryDirectory() as name:  # pytest's own could be entered by nobody else
        folder = Path(name)
        folder.chmod(0o777)
        os.chown(folder, 65_534, 65_534)
        os.seteuid(65_533)
        try:
            require_writable(folder)
        finally:
            os.seteuid(0)

        assert rights(folder) == 0o777
    told = capsys.readouterr().err
    assert f"others can read {folder}" in told
    assert f"chmod go-rwx {folder}" in told
