"""An import's changes as a CSV file: a line for each attribute that changed."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, Protocol

import msgspec
from django.http import StreamingHttpResponse

from imports_app.inputs.csv_cells import harmless
from imports_app.models import Import
from imports_app.outputs.csv_failures import encoded

HEADER = ("index", "line", "resource_type", "key", "action", "record_id")


class Change(Protocol):
    """What is written of a change: the columns of the header, and the values by attribute."""

    changes: dict[str, list[Any]]


def csv_changes(import_: Import, changes: Iterable[Change]) -> StreamingHttpResponse:
    """Return the file, made while it is sent.

    The first change is read before, as what can't be read has to be refused instead.
    """
    coming = iter(changes)
    first = [*islice(coming, 1)]
    return StreamingHttpResponse(
        encoded(_lines(chain(first, coming))),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="changes-{import_.pk}.csv"'},
    )


def _lines(changes: Iterable[Change]) -> Iterator[list[str]]:
    yield [*HEADER, "attribute", "before", "after"]
    for change in changes:
        own = [_cell(getattr(change, name)) for name in HEADER]
        for attribute, (before, after) in (change.changes or {"": [None, None]}).items():
            yield [*own, attribute, _cell(before), _cell(after)]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return harmless(value if isinstance(value, str) else msgspec.json.encode(value).decode())
