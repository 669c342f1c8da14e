import random
from pathlib import Path

import pytest

from config.web.backlog import Backlog
from config.web.spool import IN_MEMORY, Room, Spool, SpoolFull


def test_bytes_are_read_in_the_order_in_which_they_were_written(tmp_path: Path) -> None:
    chance = random.Random(14)
    memory, room = Room(100_000), Room(10_000_000)
    spool = Spool(tmp_path, room)
    backlog = Backlog(memory, spool)
    written = read = b""
    for _ in range(500):
        piece = chance.randbytes(chance.randrange(20_000))
        backlog.write(piece)
        written += piece
        for _ in range(chance.randrange(3)):
            read += backlog.read(chance.randrange(1, 15_000))
        assert backlog.unread == len(written) - len(read)
    while piece := backlog.read(50_000):
        read += piece

    assert read == written
    memory.take(100_000)
    room.take(10_000_000)
    spool.file.close()


def test_all_spools_together_stay_within_their_limit(tmp_path: Path) -> None:
    room = Room(3 * IN_MEMORY)
    first, second = Spool(tmp_path, room), Spool(tmp_path, room)
    first.write(b"x" * 2 * IN_MEMORY)

    with pytest.raises(SpoolFull):
        second.write(b"x" * 2 * IN_MEMORY)
    first.close()
    first.close()
    second.write(b"x" * 3 * IN_MEMORY)
    with pytest.raises(SpoolFull):
        second.write(b"x")
    second.close()


def test_a_backlog_that_is_closed_frees_its_room(tmp_path: Path) -> None:
    memory, room = Room(10), Room(1_000)
    backlog = Backlog(memory, Spool(tmp_path, room))
    backlog.write(b"0123456789")
    backlog.write(b"on disk")
    assert backlog.read(4) == b"0123"

    backlog.close()

    memory.take(10)
    room.take(1_000)
