"""Whether an import may have the type and the parent that it names."""

from collections.abc import Mapping
from typing import Any

from imports_app.api.errors import ApiError, validation_error
from imports_app.engine.types import Problem, parent_problem, type_problem

PARENT = "parent_resource_id"


def not_admitted(problem: Problem) -> ApiError:
    """Return the 422 for an import that exists already, whose type the request doesn't give."""
    return _error(problem, "/data" if problem.attribute == "resource_type" else None)


def admission_errors(
    sent: Mapping[str, Any], values: Mapping[str, Any], mode: str
) -> tuple[list[ApiError], list[ApiError]]:
    """Return the errors of the type and those of the parent, in that mode.

    The type is taken from the valid `values`, the parent as it was `sent`.
    """
    resource_type = values.get("resource_type")
    error = parent_error(sent.get("resource_type"), sent.get(PARENT), mode)
    problem = type_problem(resource_type, mode) if resource_type else None
    return [_error(problem)] if problem else [], [error] if error else []


def parent_error(resource_type: Any, parent_id: Any, mode: str) -> ApiError | None:
    """Return the 422 for a parent that doesn't exist in that mode; None if it does, or isn't given.

    Takes the attributes as they were sent. Invalid values, and an unknown type, are reported
    elsewhere.
    """
    if not (isinstance(parent_id, str) and isinstance(resource_type, str)):
        return None
    problem = parent_problem(resource_type, parent_id, mode)
    return None if problem is None else _error(problem)


def _error(problem: Problem, pointer: str | None = None) -> ApiError:
    return validation_error(
        problem.attribute, problem.error, problem.message, value=problem.value, pointer=pointer
    )
