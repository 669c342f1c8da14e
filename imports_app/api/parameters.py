"""What stands in a URL's query, and its refusals."""

import re
from collections.abc import Collection

from rest_framework.request import Request

from imports_app.api.errors import ApiError

MAX_ECHO = 50  # characters of a name or value that a message repeats
# JSON:API has such names to itself; one with any other character is free to use, and ignored.
RESERVED = re.compile(r"[a-z]+")
LISTING = frozenset({"fields", "filter", "page", "sort"})
SINGLE = frozenset({"fields"})
# Those of which one form only has a meaning; pages and filters look at their own.
FORMS = {"fields": re.compile(r"fields\[[^\[\]]+\]"), "sort": re.compile("sort")}


def refuse_unknown(request: Request, known: Collection[str]) -> None:
    """Raises a 400 for a parameter that JSON:API has, or may get, but that means nothing here.

    `known` has the names without brackets: LISTING or SINGLE.
    """
    for parameter in request.query_params:
        family = parameter.partition("[")[0]
        if family == "include":
            raise bad_parameter(parameter, "there is nothing to include")
        if RESERVED.fullmatch(family) and family not in known:
            raise bad_parameter(parameter, "is not known here")
        if family in FORMS and not FORMS[family].fullmatch(parameter):
            raise bad_parameter(parameter, "is not known in this form")


def single(request: Request, parameter: str) -> str | None:
    """The parameter's value. Raises a 400 if it is given more than once."""
    values = request.query_params.getlist(parameter)
    if len(values) > 1:
        raise bad_parameter(parameter, "is given more than once")
    return values[0] if values else None


def bad_parameter(parameter: str, message: str) -> ApiError:
    """The 400 that says what is wrong with a query parameter."""
    detail = f"{quoted(parameter)} - {message}"
    return ApiError(400, "MALFORMED_REQUEST", message, detail=detail, parameter=parameter)


def quoted(text: str) -> str:
    """The text as a message repeats it: cut short when it is long."""
    return f"'{text}'" if len(text) <= MAX_ECHO else f"'{text[:MAX_ECHO]}…'"
