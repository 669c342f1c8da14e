from pathlib import Path

from config.broker import EMBEDDED, transport_options


def test_redis_gives_up_on_a_dead_broker_soon_and_never_redelivers_within_a_task(
    tmp_path: Path,
) -> None:
    options = transport_options("redis://localhost:6379/0", tmp_path, visibility_timeout=3_600)

    assert options["visibility_timeout"] == 3_600
    assert options["socket_connect_timeout"] + options["socket_timeout"] <= 3
    assert options["max_retries"] == 0


def test_the_embedded_broker_has_its_folders_in_the_data_directory(tmp_path: Path) -> None:
    options = transport_options(EMBEDDED, tmp_path, visibility_timeout=60)

    for name in ("data_folder_in", "data_folder_out", "control_folder"):
        folder = Path(options[name])
        assert folder.is_dir()
        assert folder.is_relative_to(tmp_path)


def test_another_broker_is_left_to_its_defaults(tmp_path: Path) -> None:
    assert transport_options("amqp://localhost", tmp_path, visibility_timeout=60) == {}
