from pathlib import Path

import pytest

from config.sockets import BROKER, make_socket_folder, socket_in
from config.supervisor.requirements import CannotStart, sole_use
from tests.servers import temporary_folder

LONG = "x" * 100


@pytest.fixture
def short() -> Path:
    """A data directory with room for a socket's path, which pytest's own may not have."""
    return temporary_folder()


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_sockets_are_in_the_data_directory_for_its_owner_only(short: Path) -> None:
    folder = make_socket_folder(short)

    assert folder == short / "run"
    assert mode(folder) == 0o700
    assert socket_in(short, BROKER) == folder / BROKER


def test_a_path_too_long_for_a_socket_leads_to_a_short_private_folder(short: Path) -> None:
    (short / LONG).mkdir()

    folder = make_socket_folder(short / LONG)

    assert len(str(folder / BROKER)) <= 103
    assert mode(folder) == 0o700
    assert socket_in(short / LONG, BROKER) == folder / BROKER, "whoever looks finds it"
    assert make_socket_folder(short / LONG) == folder, "the next start uses it again"
    folder.rmdir()


def test_a_paths_length_is_counted_in_bytes(short: Path) -> None:
    letters = 103 - len(str(short / "/run/worker.notify"))
    (short / ("é" * letters)).mkdir()

    folder = make_socket_folder(short / ("é" * letters))

    assert not folder.is_relative_to(short)
    folder.rmdir()


@pytest.mark.parametrize("lost", ["gone", "open to others"])
def test_a_short_folder_that_can_not_be_trusted_is_replaced(short: Path, lost: str) -> None:
    (short / LONG).mkdir()
    first = make_socket_folder(short / LONG)
    if lost == "gone":
        first.rmdir()
    else:
        first.chmod(0o777)

    second = make_socket_folder(short / LONG)

    assert second != first
    assert mode(second) == 0o700
    second.rmdir()
    if first.exists():
        first.rmdir()


def test_a_data_directory_that_is_moved_keeps_no_folder_that_does_not_fit(short: Path) -> None:
    (make_socket_folder(short) / BROKER).touch()
    (short / "run").rename(short / "kept")
    (short / LONG).mkdir()
    (short / "kept").rename(short / LONG / "run")

    folder = make_socket_folder(short / LONG)
    assert list(folder.iterdir()) == []
    (short / LONG / "run").rename(short / "run")

    assert make_socket_folder(short) == short / "run"
    assert not (short / "run").is_symlink()
    folder.rmdir()


def test_a_short_folder_is_removed_when_its_sole_use_ends(short: Path) -> None:
    (short / LONG).mkdir()

    with sole_use(short / LONG) as folder:
        assert folder.exists()
        with pytest.raises(CannotStart, match="is in use by process"), sole_use(short / LONG):
            pass
        assert folder.exists(), "who could not start removes nothing"

    assert not folder.exists()
    assert list((short / LONG).iterdir()) == []
