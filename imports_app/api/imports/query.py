"""Reads the attributes of an import from the query, where they stand if the body is a file."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from django.http import QueryDict

from imports_app.api.errors import ApiError
from imports_app.api.parameters import FIELDSET, bad_parameter, nearest
from imports_app.models.attributes import settable

FOUND_OUT = ("inputs", "format")  # by reading the file
# How many names in brackets may follow an attribute's own.
NESTED = {"file_options": 2, "metadata": 1}
NUMBERS = ("cleanup_limit",)
PARAMETER = re.compile(r"([a-z_]+)((?:\[[^\[\]]+\])*)")
POINTER = "/data/attributes/"


def accepted() -> list[str]:
    """Return the attributes that the query may have."""
    return [name for name in settable() if name not in FOUND_OUT]


def is_attribute(parameter: str) -> bool:
    """Return whether the parameter is an attribute, or a member of one."""
    match = PARAMETER.fullmatch(parameter)
    if match is None or match[1] not in accepted():
        return False
    depth = match[2].count("[")
    return (depth > 0) == (match[1] in NESTED) and depth <= NESTED.get(match[1], 0)


def attributes_in(query: QueryDict, others: Collection[str]) -> dict[str, Any]:
    """Return the query's attributes; an empty value is null.

    Raises a 400 for a parameter that is neither an attribute nor one of the `others`, and for one
    that is given twice.
    """
    found: dict[str, Any] = {}
    for parameter, values in query.lists():
        if parameter in others or FIELDSET.fullmatch(parameter):
            continue
        if not is_attribute(parameter):
            raise bad_parameter(parameter, _unfit(parameter, others))
        if len(values) > 1:
            raise bad_parameter(parameter, "is given more than once")
        name, *members = _names(parameter)
        _place(found, name, members, _value(name, values[0]))
    return found


def _unfit(parameter: str, others: Collection[str]) -> str:
    """Return why the parameter isn't taken."""
    name, bracket, _ = parameter.partition("[")
    if name not in accepted():
        return f"is not known here{nearest(parameter, [*accepted(), *others])}"
    if name in NESTED:
        return f"is not of the form {name}[<member>]"
    return f"is not of the form {name}" if bracket else "is not known here"


def in_query(error: ApiError) -> ApiError:
    """Return the error with the query's parameter in place of a pointer into a document."""
    if error.pointer and error.pointer.startswith(POINTER):
        name, *members = error.pointer.removeprefix(POINTER).split("/")
        error.parameter = name + "".join(f"[{member}]" for member in members)
        error.pointer = None
    return error


def _names(parameter: str) -> Iterator[str]:
    yield from parameter.rstrip("]").replace("]", "").split("[")


def _value(name: str, text: str) -> Any:
    if not text:
        return None
    if name in NUMBERS and text.isascii() and text.isdigit():
        return int(text[:20])
    return text


def _place(found: dict[str, Any], name: str, members: list[str], value: Any) -> None:
    place = found
    for inner in (name, *members)[:-1]:
        place = place.setdefault(inner, {})
        if not isinstance(place, dict):
            raise bad_parameter(name, "is given twice, in different ways")
    place[(name, *members)[-1]] = value
