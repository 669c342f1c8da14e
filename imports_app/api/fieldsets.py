"""Sparse fieldsets: `fields[<type>]=<name>,<name>`."""

from rest_framework.request import Request

from imports_app.api.parameters import fields_parameter


def requested_fields(request: Request, resource_type: str) -> frozenset[str] | None:
    """The attributes and relationships asked for of that type; None means all of them.

    An empty value asks for none. Names are not checked: ask whether a name is in the set, and
    those that don't exist are ignored. Counts on every method, POST and PATCH included.
    """
    values = request.query_params.getlist(fields_parameter(resource_type))
    if not values:
        return None
    return frozenset(name for value in values for name in value.split(",") if name)
