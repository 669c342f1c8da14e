from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from config.keys import keep_private, kept_secret, private_folder, write_private


def test_a_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "secret"

    made = kept_secret(path)

    assert len(made) >= 64
    assert kept_secret(path) == made
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_all_who_ask_at_the_same_moment_get_the_same_secret(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "secret"

    with ThreadPoolExecutor(16) as pool:
        secrets = set(pool.map(lambda _: kept_secret(path), range(64)))

    assert len(secrets) == 1
    assert [file.name for file in path.parent.iterdir()] == ["secret"]


def test_a_private_file_replaces_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_private(path, "a longer text")

    write_private(path, "short")

    assert path.read_text() == "short"


def test_a_file_that_others_can_read_is_closed_to_them(tmp_path: Path) -> None:
    (file := tmp_path / "file").touch(0o644)
    tmp_path.chmod(0o2755)

    for path in (file, tmp_path, tmp_path / "absent"):
        keep_private(path)

    assert file.stat().st_mode & 0o777 == 0o600
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_the_target_of_a_link_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "file").touch(0o644)
    (tmp_path / "link").symlink_to(tmp_path / "file")

    keep_private(tmp_path / "link")

    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o644


def test_all_folders_that_are_created_on_the_way_are_private(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    private_folder(tmp_path / "var" / "broker" / "messages")
    private_folder(tmp_path / "var" / "broker" / "messages")

    modes = [path.stat().st_mode & 0o777 for path in (tmp_path, tmp_path / "var")]
    assert modes == [0o755, 0o700]
    assert (tmp_path / "var" / "broker" / "messages").stat().st_mode & 0o777 == 0o700
