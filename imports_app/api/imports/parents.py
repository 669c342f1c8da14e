"""Whether an import may have the type and the parent that it names."""

from collections.abc import Mapping
from typing import Any

from imports_app.api.errors import ApiError, validation_error
from imports_app.engine.types import Problem, parent_problem, type_problem
from imports_app.importer import Importer

PARENT = "parent_resource_id"


def not_admitted(problem: Problem) -> ApiError:
    """Return the 422 for an import that exists already, whose type the request doesn't give."""
    return _error(problem, "/data" if problem.attribute == "resource_type" else None)


def admission_errors(
    importer: Importer | None, sent: Mapping[str, Any], values: Mapping[str, Any], mode: str
) -> tuple[list[ApiError], list[ApiError]]:
    """Return the errors of the type and those of the parent, in that mode.

    The type, whose importer is given if it is registered, is taken from the valid `values`, the
    parent as it was `sent`: invalid values are reported elsewhere.
    """
    resource_type, parent_id = values.get("resource_type"), sent.get(PARENT)
    of_type = type_problem(resource_type, importer, mode) if resource_type else None
    of_parent = None
    if importer and parent_id and isinstance(parent_id, str):
        of_parent = parent_problem(importer, parent_id, mode)
    return [_error(of_type)] if of_type else [], [_error(of_parent)] if of_parent else []


def _error(problem: Problem, pointer: str | None = None) -> ApiError:
    return validation_error(
        problem.attribute, problem.error, problem.message, value=problem.value, pointer=pointer
    )
