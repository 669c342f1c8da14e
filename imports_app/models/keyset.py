"""Walks a long list in flat memory."""

from collections.abc import Iterator
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def in_pages(rows: QuerySet[M], key: str, size: int) -> Iterator[M]:
    """Yield the objects by that field, unique among them, in ascending order; a query for so many.

    Django's `iterator` has a cursor of the server's inside of a transaction only, and otherwise
    all in memory: behind a pooler no cursor outlives its transaction.
    """
    page: list[Any] = list(rows.order_by(key)[:size])
    while page:
        yield from page
        if len(page) < size:
            return
        page = list(rows.order_by(key).filter(**{f"{key}__gt": getattr(page[-1], key)})[:size])
