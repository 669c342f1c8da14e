"""The one table of an import's attributes.

Serializers, filters, sorting, the OpenAPI document, retries, the staff page and the table in
docs/clients.md all follow it. A new option is an entry here, a field of that name in Import with
its migration, and its behaviour.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """One attribute of an import.

    Attributes:
        description: one or two sentences of Markdown, for clients.
        settable: whether a request that creates an import may give it.
        changeable: whether a later request may change it.
        may_be_empty: whether an empty string is a valid value.
        shown: whether answers have it.
        filterable: whether listings can be filtered by it.
        sortable: whether listings can be sorted by it.
        inherited: whether a retry takes it over from the import that it repeats.
        columns: the fields of Import that its value is computed from; None: the field of its name.
        line: attributes with the same line are shown side by side on the staff page; None leaves
            the attribute out.
    """

    description: str
    settable: bool = False
    changeable: bool = False
    may_be_empty: bool = False
    shown: bool = True
    filterable: bool = False
    sortable: bool = False
    inherited: bool = False
    columns: tuple[str, ...] | None = None
    line: str | None = None


def _option(description: str, *, line: str, **more: Any) -> Attribute:
    """Return an option: an attribute that a client may set when it creates an import."""
    return Attribute(description=description, settable=True, filterable=True, line=line, **more)


def _label(description: str, *, line: str, **more: Any) -> Attribute:
    """Return a label: an attribute that a client may set, and change at any time."""
    return _option(description, line=line, changeable=True, inherited=True, **more)


def _state(description: str) -> Attribute:
    """Return a read-only attribute that describes the import's state."""
    return Attribute(description=description, filterable=True, sortable=True)


ATTRIBUTES: Mapping[str, Attribute] = {
    "resource_type": _option(
        "The type of resource being imported, plural: `skus`.",
        line="type",
        sortable=True,
        inherited=True,
    ),
    "parent_resource_id": _option(
        "The parent that imported rows belong to, for a type that has one; a row's own id, "
        "reference or key for that relation wins over it.",
        line="type",
        sortable=True,
        inherited=True,
    ),
    "format": _option(
        "The form of the inputs: `json` for an array of objects, `csv` for one CSV in a string.",
        line="options",
        sortable=True,
        inherited=True,
    ),
    "inputs": Attribute(
        description="The rows, cells of a CSV as they were sent; null if they came as a file, and "
        "after pruning.",
        settable=True,
        columns=("resource_type", "file"),
    ),
    "file_options": Attribute(
        description="How to read a file or a CSV, where that should not be detected: `delimiter`,"
        " `encoding`, `decimal`, `dates`, `empty`, `sheet`, `columns`, `transforms`.",
        settable=True,
        inherited=True,
    ),
    "if_exists": _option(
        "What to do with a row whose record exists: `update` the record, `skip` the row, or `fail` "
        "it. A skipped row counts as unchanged.",
        line="writing",
        inherited=True,
    ),
    "if_missing": _option(
        "What to do with a row whose record does not exist: `create` the record, `skip` the row,"
        " or `fail` it.",
        line="writing",
        inherited=True,
    ),
    "cleanup_records": _option(
        "After the rows, destroy the records of that type (of that parent, if one is given) that "
        "are not among the inputs. Needs the scope `imports:cleanup`.",
        line="cleanup",
    ),
    "cleanup_limit": Attribute(
        description="If cleanup would destroy more records than this, it destroys none and says "
        "so in warnings_log.",
        settable=True,
        line="cleanup",
    ),
    "skip_errors": Attribute(
        description="Do not interrupt when too many rows fail.",
        settable=True,
        inherited=True,
        line="options",
    ),
    "dry_run": _option(
        "Go through everything and write no record; the counts and logs say what would have "
        "happened.",
        line="options",
        inherited=True,
    ),
    "all_or_nothing": _option(
        "One transaction: every row is gone through and every error reported; if one failed, "
        "nothing is written and the import ends interrupted.",
        line="options",
        inherited=True,
    ),
    "keep_changes": _option(
        "Keep the changes of the import, so that they can be shown and undone. The default is a "
        "setting.",
        line="writing",
        inherited=True,
    ),
    "reference": _label(
        "A label of the client's own.", line="labels", sortable=True, may_be_empty=True
    ),
    "reference_origin": _label(
        "The system that the reference comes from.", line="labels", sortable=True, may_be_empty=True
    ),
    "metadata": _label("Key-value pairs of the client's own.", line="metadata"),
    "status": _state("Where the import is in its life; `interrupted` and `completed` are final."),
    "started_at": _state("When a worker first claimed it."),
    "completed_at": _state("When it was completed."),
    "interrupted_at": _state("When it was interrupted."),
    "inputs_size": _state("The number of rows, fixed at creation."),
    "processed_count": _state("Rows created, updated or found unchanged; never failed ones."),
    "created_count": _state("Rows that created a record."),
    "updated_count": _state("Rows that changed a record."),
    "unchanged_count": _state("Rows whose record had the same values already."),
    "errors_count": _state("Rows that failed."),
    "warnings_count": _state("The number of warnings."),
    "destroyed_count": _state("Records destroyed by cleanup."),
    "errors_log": Attribute(
        description="The errors of failed rows, by row key and attribute. The number of entries is "
        "limited: the counts are always exact, and the failures have all of them.",
        columns=("errors_count", "interruption"),
    ),
    "warnings_log": Attribute(
        description="Warnings by row key.",
        columns=("warnings_count",),
    ),
    "attachment_url": Attribute(
        description="A signed, expiring URL of the inputs as sent, gzipped.",
        columns=("resource_type",),
    ),
    "created_at": _state("When it was created."),
    "updated_at": _state("When it last changed."),
    "_interrupt": Attribute(
        description="True stops the import: a pending one at once, a running one after the batch "
        "in hand. A final one stays as it is.",
        changeable=True,
        shown=False,
        columns=(),
    ),
}


@cache
def settable() -> tuple[str, ...]:
    """Return the attributes that a request may give to a new import."""
    return tuple(name for name, attribute in ATTRIBUTES.items() if attribute.settable)


@cache
def changeable() -> tuple[str, ...]:
    """Return the attributes that a request may change."""
    return tuple(name for name, attribute in ATTRIBUTES.items() if attribute.changeable)


@cache
def shown() -> tuple[str, ...]:
    """Return the attributes that an answer shows."""
    return tuple(name for name, attribute in ATTRIBUTES.items() if attribute.shown)


@cache
def inherited() -> tuple[str, ...]:
    """Return the attributes that a retry takes over."""
    return tuple(name for name, attribute in ATTRIBUTES.items() if attribute.inherited)


def stored(names: Iterable[str]) -> dict[str, bool]:
    """Return those of the names that have a field of Import to themselves; of each, whether it may
    be an empty string.
    """
    own = {name: ATTRIBUTES[name] for name in names}
    return {name: each.may_be_empty for name, each in own.items() if each.columns is None}


def columns_of(names: Iterable[str]) -> set[str]:
    """Return the fields of Import that the attributes of these names are computed from."""
    own = {name: ATTRIBUTES[name].columns for name in names}
    return {
        column
        for name, columns in own.items()
        for column in ((name,) if columns is None else columns)
    }
