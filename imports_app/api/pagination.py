"""Paging: `page[number]` and `page[size]`."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db.models import AutoField, Count, F, Max, OrderBy, QuerySet
from rest_framework.pagination import PageNumberPagination as BasePageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from imports_app.api.parameters import bad_parameter, quoted, single

DIGITS = re.compile(r"[0-9]{1,1000}")  # far past any end, and still quick to read

T = TypeVar("T")

CREATED_AT = "created_at"


class PageNumberPagination(BasePageNumberPagination):
    """Pages with the total number of records; two queries, or one if there is nothing to fetch.

    A page past the end is empty. A page in the second half is read from the end, so that the last
    page costs as little as the first. In ascending order of creation, going through the pages
    misses and repeats no record, whatever is created meanwhile.
    """

    page_size = 10
    max_page_size = 100
    page_query_param = "page[number]"
    page_size_query_param = "page[size]"

    def paginate_queryset(  # type: ignore[override]  # it counts in the database
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        """Return the page's records. The queryset must be ordered."""
        self._read(request)
        counted = self._counted(queryset)
        return self._page(counted)

    def paginate_sequence(self, items: Sequence[T], request: Request) -> Sequence[T]:
        """Return a page of items that are in memory."""
        self._read(request)
        self.count = len(items)
        start = (self.number - 1) * self.size
        return items[start : start + self.size]

    def paginate_found(self, find: Callable[[int, int], tuple[T, int]], request: Request) -> T:
        """Return the page that `find(start, size)` returns together with the total number."""
        self._read(request)
        page, self.count = find((self.number - 1) * self.size, self.size)
        return page

    def get_paginated_response(self, data: Any) -> Response:
        """Return the page with its links and numbers."""
        return Response({"results": data, "links": self.links(), "meta": self.meta()})

    def meta(self) -> dict[str, int]:
        """Return the numbers of records and pages."""
        return {"record_count": self.count, "page_count": self._page_count}

    def links(self) -> dict[str, str | None]:
        """Return the URLs of the other pages, None if there is none; other parameters are kept."""
        last = max(self._page_count, 1)
        return {
            "first": self._link(1),
            "last": self._link(last),
            "prev": self._link(min(self.number - 1, last)) if self.number > 1 else None,
            "next": self._link(self.number + 1) if self.number < last else None,
        }

    def _read(self, request: Request) -> None:
        self._url = request.build_absolute_uri()
        self.size = self._positive(request, "page[size]", self.page_size)
        if self.size > self.max_page_size:
            raise bad_parameter("page[size]", f"is too large (maximum is {self.max_page_size})")
        self.number = self._positive(request, "page[number]", 1)

    @property
    def _page_count(self) -> int:
        return -(-self.count // self.size)

    def _counted(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Count the queryset's records, and return it.

        In order of creation, records that are created later are left out: they would shift a page
        that is read from the end.
        """
        column = _creation_order(queryset)
        if column is None:
            self.count = queryset.count()
            return queryset
        counted = queryset.order_by().aggregate(count=Count("*"), last=Max(column))
        self.count = counted["count"]
        return queryset.filter(**{f"{column}__lte": counted["last"]}) if self.count else queryset

    def _page(self, queryset: QuerySet[Any]) -> list[Any]:
        start = (self.number - 1) * self.size
        end = min(start + self.size, self.count)
        if start >= end:
            return []
        if start < self.count - end:
            return list(queryset[start:end])
        backwards = queryset.reverse()[self.count - end : self.count - start]
        return list(backwards)[::-1]

    def _link(self, number: int) -> str:
        return replace_query_param(self._url, self.page_query_param, number)

    def _positive(self, request: Request, parameter: str, default: int) -> int:
        text = single(request, parameter)
        if text is None:
            return default
        if not DIGITS.fullmatch(text) or int(text) == 0:
            raise bad_parameter(parameter, f"{quoted(text)} is not a positive integer")
        return int(text)


def _creation_order(queryset: QuerySet[Any]) -> str | None:
    """Return the column that grows with each new record, if the queryset ascends by it."""
    numbered = isinstance(queryset.model._meta.pk, AutoField)
    columns = {CREATED_AT, "pk"} if numbered else {CREATED_AT}
    first = next(iter(queryset.query.order_by), None)
    if isinstance(first, OrderBy) and not first.descending and isinstance(first.expression, F):
        name: str = first.expression.name  # type: ignore[attr-defined]  # the stubs lack it
        return name if name in columns else None
    return None
