import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from pytest_django import Settings

from imports_app.limits import memory, redis_counter
from imports_app.limits.counters import Counter, counter
from imports_app.limits.memory import MemoryCounter
from imports_app.limits.redis_counter import RedisCounter
from tests import servers

NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture(params=["memory", "redis"])
def counts(request: pytest.FixtureRequest, settings: Settings) -> Counter:
    settings.IMPORTS_RATE_REDIS_PREFIX = uuid.uuid4().hex
    if request.param == "memory":
        return MemoryCounter()
    return RedisCounter(servers.redis_url())


def test_counts_add_up_by_name(counts: Counter) -> None:
    assert [counts.add("a", 7, 60) for _ in range(3)] == [1, 2, 3]
    assert counts.add("b", 7, 60) == 1
    assert (counts.read("a", 7), counts.read("b", 7), counts.read("c", 7)) == (3, 1, 0)


def test_a_new_window_starts_from_nothing(counts: Counter) -> None:
    counts.add("a", 7, 60)
    assert counts.read("a", 8) == 0
    assert counts.add("a", 8, 60) == 1


def test_nothing_is_lost_among_threads(counts: Counter) -> None:
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda _: counts.add("a", 7, 60), range(400)))
    assert sorted(seen) == list(range(1, 401))


def test_memory_keeps_one_window_a_name() -> None:
    counts = MemoryCounter()
    for window in range(1_000):
        counts.add("a", window, 60)
    assert len(counts._counts) == 1


def test_memory_forgets_the_names_that_were_counted_longest_ago(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory, "MAX_NAMES", 3)
    counts = MemoryCounter()
    for name in ("a", "b", "c", "a", "d"):
        counts.add(name, 7, 60)
    assert [counts.read(name, 7) for name in "abcd"] == [2, 0, 1, 1]


def test_processes_share_what_is_in_redis(settings: Settings) -> None:
    settings.IMPORTS_RATE_REDIS_PREFIX = uuid.uuid4().hex
    first, second = RedisCounter(servers.redis_url()), RedisCounter(servers.redis_url())
    first.add("a", 7, 60)
    assert second.add("a", 7, 60) == 2
    key = f"{settings.IMPORTS_RATE_REDIS_PREFIX}:a:7"
    assert 60 <= first._redis.ttl(key) <= 120


def test_while_redis_is_away_the_process_counts_and_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    counts = RedisCounter(NOBODY)
    assert [counts.add("a", 7, 60) for _ in range(3)] == [1, 2, 3]
    assert counts.read("a", 7) == 3
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_redis_is_asked_again_after_a_while(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(redis_counter, "PAUSE", 0.0)
    counts = RedisCounter(NOBODY)
    counts.add("a", 7, 60)
    counts.add("a", 7, 60)
    assert len(caplog.records) == 2


@pytest.mark.parametrize("url", ["", NOBODY])
def test_the_settings_say_where_it_is_counted(url: str, settings: Settings) -> None:
    settings.IMPORTS_RATE_REDIS_URL = url
    assert isinstance(counter(), RedisCounter if url else MemoryCounter)
    assert counter() is counter()
