"""The row in the database is the queue: the broker may be away, and forget."""

from tests.acceptance.processes import eventually
from tests.acceptance.rows import codes, sku_rows
from tests.acceptance.stack import Stack
from tests.servers import RedisServer


def test_an_import_created_while_the_broker_is_away_completes_once_it_is_back(
    broker_stack: Stack, broker: RedisServer
) -> None:
    client, rows = broker_stack.client(), sku_rows(10)

    broker.stop()
    created = client.create_import("skus", rows)
    away = client.get("/readyz")

    assert created["attributes"]["status"] == "pending"
    assert away.status == 503
    assert away.document["components"]["broker"] == "not reachable"
    assert client.records("skus", "code", codes(rows)) == []

    broker.start()

    assert client.finished(created["id"])["attributes"]["created_count"] == 10
    eventually(broker_stack.api.is_ready, "the stack is ready again")
