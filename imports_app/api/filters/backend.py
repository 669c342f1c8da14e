"""The `filter[q][…]` parameters of a listing."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Model, Q, QuerySet
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.views import APIView

from imports_app.api.filters.attributes import FilterAttribute
from imports_app.api.filters.matchers import MATCHERS, Matcher
from imports_app.api.filters.names import InvalidName, split_name
from imports_app.api.filters.values import InvalidValue
from imports_app.api.parameters import bad_parameter, is_filter

PARAMETER = re.compile(r"filter\[q\]\[([^\[\]]+)\]")
# Values times attributes, of all filters together: SQLite nests no more than 1,000 conditions.
MAX_COMPARISONS = 500

Attributes = Mapping[str, FilterAttribute]


class Listing(Protocol):
    """A view that can be filtered and sorted.

    Attributes:
        ids_ascend: whether what was created later has the higher id.
    """

    filter_attributes: Attributes
    ids_ascend: bool


class AttributeFilterBackend(BaseFilterBackend):
    """Narrows a listing to what matches every filter, by the view's `filter_attributes`.

    A filter that can't be applied exactly as asked is a 400 that names the parameter.
    """

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        """Return the records that match every filter of the request; DRF's hook."""
        listing: Listing = view
        # Filters of the view's own: by parameter, what makes the condition of a value.
        others: Mapping[str, Callable[[str], Q]] = getattr(view, "own_filters", {})
        spent = 0
        for parameter, text in _filters(request):
            try:
                if parameter in others:
                    queryset = queryset.filter(others[parameter](text))
                    continue
                filter_ = _read(parameter, text, listing.filter_attributes)
                spent += filter_.comparisons
                _check_allowance(spent)
                queryset = queryset.filter(filter_.condition(queryset.model))
            except (InvalidName, InvalidValue) as error:
                raise bad_parameter(parameter, str(error)) from None
        return queryset

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Return the parameter's OpenAPI description.

        It has whole names, because few generated clients know `deepObject`.
        """
        return [
            {
                "name": "filter",
                "in": "query",
                "required": False,
                "style": "form",
                "explode": True,
                "description": (
                    "`filter[q][<attribute>(_or_<attribute>)*_<matcher>]=<value>`; all must hold. "
                    "Lists are separated by commas. start, end, cont and matches ignore case. "
                    f"Attributes: {', '.join(view.filter_attributes)}. "  # type: ignore[attr-defined]
                    f"Matchers: {', '.join(MATCHERS)}."
                ),
                "schema": {
                    "type": "object",
                    "propertyNames": {"pattern": r"^filter\[q\]\[\w+\]$"},
                    "additionalProperties": {"type": "string"},
                },
            }
        ]


@dataclass(frozen=True)
class Filter:
    """One filter: any of its attributes has to match."""

    attributes: tuple[FilterAttribute, ...]
    matcher: Matcher
    values: list[str]

    @property
    def comparisons(self) -> int:
        """The number of comparisons for each record."""
        return len(self.attributes) * len(self.values)

    def condition(self, model: type[Model]) -> Q:
        """Return the condition for records of the model. Raises InvalidValue."""
        conditions = [
            self.matcher.condition(attribute, self.values) for attribute in self.attributes
        ]
        found = Q(*conditions, _connector=Q.OR)
        if not any(attribute.many for attribute in self.attributes):
            return found
        # By id, so that a record with several values that match is found once.
        return Q(pk__in=model._base_manager.filter(found).values("pk"))


def _filters(request: Request) -> Iterator[tuple[str, str]]:
    """Yield every filter's name and value; a parameter that is given twice is two filters."""
    for parameter, texts in request.query_params.lists():
        if is_filter(parameter):
            yield from ((parameter, text) for text in texts)


def _read(parameter: str, text: str, known: Attributes) -> Filter:
    match = PARAMETER.fullmatch(parameter)
    if match is None:
        raise InvalidName("is not of the form filter[q][<attribute>_<matcher>]")
    name = split_name(match[1], attributes=known, matchers=MATCHERS)
    matcher = MATCHERS[name.matcher]
    for attribute in name.attributes:
        if known[attribute].kind not in matcher.kinds:
            kind = known[attribute].kind.value
            raise InvalidName(f"{name.matcher} does not apply to {attribute}, which is {kind}")
    attributes = tuple(known[attribute] for attribute in name.attributes)
    return Filter(attributes, matcher, matcher.values(text))


def _check_allowance(comparisons: int) -> None:
    if comparisons > MAX_COMPARISONS:
        raise InvalidValue(f"exceeds the {MAX_COMPARISONS} comparisons that a request may ask for")
