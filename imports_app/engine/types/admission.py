"""Checks that hold for every new import, whether the API, staff or a command makes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from imports_app.engine.types.schema import target_records
from imports_app.exceptions import ImportsError
from imports_app.importer import Importer
from imports_app.models.ids import parse_id
from imports_app.registry import importers


@dataclass(frozen=True)
class Problem:
    """Why an attribute is refused. `error` is the rule's short name."""

    attribute: str
    error: str
    message: str
    value: Any

    def __str__(self) -> str:
        return f"{self.attribute} - {self.message}"


class NotAdmitted(ImportsError):
    """The import can't be made.

    Attributes:
        problem: why not.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem}.")
        self.problem = problem


def admit(resource_type: str, parent_id: str | None, mode: str) -> None:
    """Raise NotAdmitted if no import of that type and parent can be made in that mode."""
    for problem in problems(resource_type, parent_id, mode):
        raise NotAdmitted(problem)


def problems(resource_type: str, parent_id: str | None, mode: str) -> Iterator[Problem]:
    """Yield the reasons why no import of that type and parent can be made in that mode."""
    importer = importers.find(resource_type)
    if problem := type_problem(resource_type, importer, mode):
        yield problem
    if importer and parent_id and (problem := parent_problem(importer, parent_id, mode)):
        yield problem


def type_problem(resource_type: str, importer: Importer | None, mode: str) -> Problem | None:
    """Return the problem of a type that isn't registered, or belongs to the other mode only."""
    if importer is None:
        message = "is not a known resource type"
    elif importer.mode not in (None, mode):
        message = f"can't be imported in {mode} mode"
    else:
        return None
    return Problem("resource_type", "inclusion", message, resource_type)


def parent_problem(importer: Importer, parent_id: str, mode: str) -> Problem | None:
    """Return the problem of a parent that doesn't exist in that mode, or can't be given."""
    if importer.parent is None:
        message = f"can't be given: {importer.resource_type} have no parent"
        return Problem("parent_resource_id", "not_allowed", message, parent_id)
    target = importer.relations[importer.parent].to
    pk = parse_id(target._meta.pk, parent_id)
    if pk is not None and target_records(target, mode).filter(pk=pk).exists():
        return None
    return Problem("parent_resource_id", "not_found", "must exist", parent_id)
