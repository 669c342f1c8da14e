"""The parameters in a URL's query, and the errors about them."""

import re
from collections.abc import Collection
from difflib import get_close_matches

from django.http import QueryDict
from rest_framework.request import Request

from imports_app.api.errors import ApiError
from imports_app.registry import importers

MAX_ECHO = 50  # characters of a name or value that a message repeats
PAGES = ("page[number]", "page[size]")
FILTER = "filter[q][<attribute>_<matcher>]"
FIELDSET = re.compile(r"fields\[([^\[\]]+)\]")
# The types that the API has besides the registered ones.
OWN_TYPES = frozenset(
    {
        "imports",
        "failures",
        "changes",
        "events",
        "webhooks",
        "event_callbacks",
        "resource_types",
        "applications",
        "organizations",
    }
)
INCLUDE = "include"
LISTING = (*PAGES, "sort", FILTER)


def fields_parameter(resource_type: str) -> str:
    """Return the name of the parameter with the sparse fieldset of that type."""
    return f"fields[{resource_type}]"


def requested_fields(request: Request, resource_type: str) -> frozenset[str] | None:
    """Return the requested attributes and relationships of that type; None means all of them.

    An empty value asks for none. Names that don't exist are in the set and have no effect. Applies
    to every method, POST and PATCH included.
    """
    values = request.query_params.getlist(fields_parameter(resource_type))
    if not values:
        return None
    return frozenset(name for value in values for name in value.split(",") if name)


def refuse_unknown(query: QueryDict, known: Collection[str]) -> None:
    """Raise a 400 for a parameter that is not among the `known` names.

    A misspelt filter must not answer with everything. Where FILTER is known, all filters pass: they
    are checked when they are applied. Where there are fieldsets, one of another type passes, too:
    it has no effect.
    """
    for parameter in query:
        if parameter in known or (FILTER in known and is_filter(parameter)):
            continue
        if _is_fieldset(parameter) and any(map(_is_fieldset, known)):
            continue
        if parameter == INCLUDE:
            raise bad_parameter(parameter, "there is nothing to include")
        raise bad_parameter(parameter, f"is not known here{nearest(parameter, known)}")


def is_filter(parameter: str) -> bool:
    """Return whether the parameter is a filter, in whatever form."""
    return parameter.partition("[")[0] == "filter"


def _is_fieldset(parameter: str) -> bool:
    """Return whether the parameter is the fieldset of a type that exists."""
    match = FIELDSET.fullmatch(parameter)
    return match is not None and (match[1] in OWN_TYPES or match[1] in importers)


def nearest(name: str, known: Collection[str]) -> str:
    """Return the end of a message about an unknown name: the known name that is nearest to it."""
    found = get_close_matches(name[:MAX_ECHO], known, n=1, cutoff=0)
    return f"; the nearest is {quoted(found[0])}" if found else ""


def single(request: Request, parameter: str) -> str | None:
    """Return the parameter's value. Raises a 400 if it is given more than once."""
    values = request.query_params.getlist(parameter)
    if len(values) > 1:
        raise bad_parameter(parameter, "is given more than once")
    return values[0] if values else None


def requested_includes(request: Request, relations: Collection[str]) -> tuple[str, ...]:
    """Return the relations whose targets the answer should include.

    Raises a 400 for a name that isn't one of the `relations`, and for one that is given twice.
    """
    text = single(request, INCLUDE)
    names = tuple(text.split(",")) if text else ()
    for place, name in enumerate(names):
        if not relations:
            raise bad_parameter(INCLUDE, "there is nothing to include")
        if name not in relations:
            message = f"can't include {quoted(name)}{nearest(name, relations)}"
            raise bad_parameter(INCLUDE, message)
        if name in names[:place]:
            raise bad_parameter(INCLUDE, f"names {quoted(name)} twice")
    return names


def bad_parameter(parameter: str, message: str) -> ApiError:
    """Return the 400 that says what is wrong with a query parameter."""
    detail = f"{quoted(parameter)} - {message}"
    return ApiError(400, "MALFORMED_REQUEST", message, detail=detail, parameter=parameter)


def quoted(text: str) -> str:
    """Return the text in the form in which messages repeat it, shortened if it is long."""
    return f"'{text}'" if len(text) <= MAX_ECHO else f"'{text[:MAX_ECHO]}…'"
