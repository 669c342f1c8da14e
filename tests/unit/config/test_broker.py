import os

import pytest
from redis import Redis

from config.broker import embedded_url, redis_py_url, transport_options
from tests.servers import EmbeddedBroker, temporary_folder

ODD = "my data; é ?#%41+&"


@pytest.mark.parametrize("url", ["redis://localhost:6379/0", "redis+socket:///var/valkey.sock"])
def test_redis_gives_up_on_a_dead_broker_soon_and_never_redelivers_within_a_task(url: str) -> None:
    options = transport_options(url, visibility_timeout=3_600)

    assert options["visibility_timeout"] == 3_600
    assert options["socket_connect_timeout"] + options["socket_timeout"] <= 3
    assert options["max_retries"] == 0


def test_another_broker_is_left_to_its_defaults_and_counts_nothing() -> None:
    assert transport_options("amqp://localhost", visibility_timeout=60) == {}
    assert redis_py_url("amqp://localhost") == ""


@pytest.mark.parametrize("url", ["redis://localhost:6379/0", "rediss://:secret@redis.internal"])
def test_requests_are_counted_where_the_broker_is(url: str) -> None:
    assert redis_py_url(url) == url


def test_a_data_directory_of_any_name_has_a_broker_that_counts() -> None:
    broker = EmbeddedBroker(data_dir := temporary_folder() / ODD)
    data_dir.mkdir()
    broker.start()
    try:
        with Redis.from_url(redis_py_url(embedded_url(data_dir))) as connection:
            assert connection.incr("n") == 1
            listening = connection.config_get("port") | connection.config_get("unixsocket")
    finally:
        broker.stop()

    assert listening == {"port": "0", "unixsocket": os.fspath(data_dir / "run" / "valkey.sock")}
