"""The changes by column: in how many records it changed, and by how much if it has numbers."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from imports_app.admin.diff.changed import Cursor, changes_from
from imports_app.admin.diff.tabs import Tab
from imports_app.models import Import
from imports_app.outputs.changes import Entry, with_values
from imports_app.outputs.record_types import record_type_for
from imports_app.registry import importers

COUNTED = 5_000
MAX_COLUMNS = 30
NUMBERS = (models.IntegerField, models.DecimalField, models.FloatField)


@dataclass(slots=True)
class Column:
    """An attribute of a type: in how many records it changed, and how.

    Attributes:
        filled: how many records had no value before; `cleared`: how many have none now.
        ratios: for numbers, the sum of new / old - 1 over the records counted in `compared`.
    """

    resource_type: str
    attribute: str
    changed: int = 0
    filled: int = 0
    cleared: int = 0
    ratios: Decimal = field(default_factory=Decimal)
    compared: int = 0

    @property
    def mean(self) -> str:
        """The average change of its numbers, as a percentage with a sign; empty if unknown."""
        if not self.compared:
            return ""
        percent = round(100 * self.ratios / self.compared, 1).normalize()
        return f"{percent:+,f}".replace("-", "\N{MINUS SIGN}")

    def add(self, before: Any, after: Any, *, is_number: bool) -> None:
        """Count a record."""
        self.changed += 1
        if before is None and after is None:  # a secret
            return
        self.filled += before is None
        self.cleared += after is None
        if is_number and before is not None and after is not None and Decimal(before):
            self.ratios += Decimal(after) / Decimal(before) - 1
            self.compared += 1


class Columns(NamedTuple):
    """The columns that changed in the first `records` records, the most frequent ones first."""

    found: list[Column]
    records: int
    is_all: bool


def columns_of(import_: Import) -> Columns:
    """Return the changes by column, in the first COUNTED records that were updated.

    Raises what `page_of` raises.
    """
    placed = changes_from(import_, Tab.CHANGED, Cursor())
    entries = [entry for _, entry in islice(placed, COUNTED)]
    counted = _counted(with_values(entries))
    most = sorted(counted, key=lambda column: -column.changed)[:MAX_COLUMNS]
    return Columns(most, len(entries), next(placed, None) is None)


def _counted(entries: Iterable[Entry]) -> list[Column]:
    columns: dict[tuple[str, str], Column] = {}
    numbers: dict[str, frozenset[str]] = {}
    for entry in entries:
        type_ = entry.resource_type
        if type_ not in numbers:
            numbers[type_] = _numbers(entry.model)
        for name, (before, after) in entry.changes.items():
            column = columns.setdefault((type_, name), Column(type_, name))
            column.add(before, after, is_number=name in numbers[type_])
    return list(columns.values())


def _numbers(model: type[models.Model]) -> frozenset[str]:
    """Return the attributes whose mean makes sense."""
    importer = importers.for_model(model)
    if importer is None:
        return frozenset()
    paths = record_type_for(importer).attributes
    return frozenset(name for name, path in paths.items() if _is_number(model, path))


def _is_number(model: type[models.Model], path: str) -> bool:
    try:
        return isinstance(model._meta.get_field(path), NUMBERS)
    except FieldDoesNotExist:  # of a relation's target
        return False
