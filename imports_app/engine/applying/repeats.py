"""Notices that an import has the same record twice, wherever in its inputs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from imports_app.engine.holding import Context
from imports_app.engine.reading import Row, row_key
from imports_app.storage.log import Notice


def repeats(context: Context, rows: Sequence[Row], records: Mapping[int, Any]) -> Iterator[Notice]:
    """A warning at each row whose record an earlier row met; `records` are the ids by row index."""
    pks = set(records.values())
    if len(pks) == len(records) and context.met.keys().isdisjoint(pks):
        return
    here: dict[Any, int] = {}
    for row in rows:
        if (pk := records.get(row.index)) is None:
            continue
        earlier = here.get(pk, context.met.get(pk))
        if earlier is not None:
            message = f"inputs[{earlier}] and inputs[{row.index}] are the same record"
            yield Notice(row.index, row_key(context.schema, row), message)
        here[pk] = row.index
