"""The order of a listing: `sort=-created_at,status`."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, OrderBy, QuerySet
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.views import APIView

from imports_app.api.filters.backend import Attributes, Listing
from imports_app.api.parameters import bad_parameter, nearest, quoted, single

PARAMETER = "sort"
NEWEST_FIRST = "created_at"


class SortBackend(BaseFilterBackend):
    """Sorts by those of the view's `filter_attributes` that are sortable, newest first by default.

    If ids ascend, the newest has the highest id: imports of one type take effect one after another.
    So the primary key's index serves the default order, and writing records needs no other index.

    Nulls come last in both directions. Ties are ordered by id, in the direction of the last
    attribute, so that one index on an attribute and the id serves both directions.
    """

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        """Return the records in the requested order; DRF's hook."""
        listing: Listing = view
        text = single(request, PARAMETER)
        if text is not None:
            return queryset.order_by(*_order(text.split(","), listing.filter_attributes))
        if listing.ids_ascend:
            return queryset.order_by("-pk")
        if NEWEST_FIRST in listing.filter_attributes:
            return queryset.order_by(*_order([f"-{NEWEST_FIRST}"], listing.filter_attributes))
        return queryset.order_by("-pk")

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Return the parameter's OpenAPI description."""
        attributes: Attributes = view.filter_attributes  # type: ignore[attr-defined]
        sortable = [name for name, attribute in attributes.items() if attribute.sortable]
        term = f"-?({'|'.join(sortable)})"
        return [
            {
                "name": PARAMETER,
                "in": "query",
                "required": False,
                "description": (
                    "Attributes, separated by commas, `-` before one for descending order; "
                    f"newest first by default. Attributes: {', '.join(sortable)}."
                ),
                "schema": {"type": "string", "pattern": f"^{term}(,{term})*$"},
            }
        ]


def _order(terms: list[str], attributes: Attributes) -> Iterator[OrderBy]:
    # The first mention of an attribute decides; a later one would have no effect.
    directions: dict[str, bool] = {}
    for term in terms:
        name = term.removeprefix("-")
        if name not in attributes or not attributes[name].sortable:
            sortable = [known for known in attributes if attributes[known].sortable]
            message = f"can't sort by {quoted(name)}{nearest(name, sortable)}"
            raise bad_parameter(PARAMETER, message)
        directions.setdefault(name, name != term)
    for name, descending in directions.items():
        attribute = attributes[name]
        # Only if there can be nulls: NULLS LAST keeps PostgreSQL from using a plain index.
        yield OrderBy(F(attribute.path), descending, nulls_last=attribute.nullable or None)
    yield OrderBy(F("pk"), descending)
