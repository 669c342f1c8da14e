"""Large bodies, several at a time."""

import json
from contextlib import ExitStack
from pathlib import Path

from tests.acceptance.stack import Stack
from tests.acceptance.web import Client, answers, head, web_server

MIB = 1024 * 1024
SIZE = 60 * MIB
PIECE = b" " * MIB


def statuses(stack: Stack, bodies: int) -> list[int]:
    """Of so many imports of one row, each in a body of 60 MiB, that are sent side by side."""
    attributes = {"resource_type": "skus", "inputs": [{"code": "MUG", "name": "Mug"}]}
    document = json.dumps({"data": {"type": "imports", "attributes": attributes}}).encode()
    named = {
        "Authorization": f"Bearer {stack.client().token}",
        "Content_Type": "application/vnd.api+json",
        "Content_Length": str(SIZE + len(document)),
    }
    with ExitStack() as opened:
        clients = [opened.enter_context(Client(stack)) for _ in range(bodies)]
        for client in clients:
            client.send(head("POST", "/api/imports", **named))
        for _ in range(0, SIZE, MIB):
            for client in clients:
                client.send(PIECE)
        assert answers(stack), "others go on"
        for client in clients:
            client.send(document)
        return [client.answer()[0] for client in clients]


def test_three_large_bodies_at_a_time_are_all_accepted(tmp_path: Path) -> None:
    with web_server(tmp_path) as stack:
        assert statuses(stack, 3) == [201, 201, 201]
        assert list((tmp_path / "spool").iterdir()) == []


def test_one_of_two_bodies_beyond_the_spools_limit_is_refused_and_both_free_their_room(
    tmp_path: Path,
) -> None:
    with web_server(tmp_path, IMPORTS_SPOOL_BYTES=str(SIZE + 30 * MIB)) as stack:
        assert sorted(statuses(stack, 2)) == [201, 507]
        assert statuses(stack, 1) == [201]
