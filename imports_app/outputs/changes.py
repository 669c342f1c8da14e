"""The changes of an import, one for each row and record, with values as the API shows them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import DataError
from django.db.models import Model

from imports_app.exceptions import SealBroken
from imports_app.importer import Importer
from imports_app.models import Import
from imports_app.outputs.record_types import record_type_for
from imports_app.outputs.values import shown
from imports_app.registry import importers
from imports_app.secrecy.hidden import secrets_of
from imports_app.storage.groups import Action, Group
from imports_app.storage.states import Values

NO_ROW = float("inf")
AT_A_TIME = 500
Changes = dict[str, list[Any]]

# What reading them raises: sealed with another key, a model that is gone, and other columns, which
# PostgreSQL refuses where it makes records of texts, and Python where it makes them of lists.
UNREADABLE = (SealBroken, LookupError, DataError, ValueError)
MODEL_GONE = "The changes can't be read: their resource type no longer exists."
OTHER_COLUMNS = "The changes can't be read: the columns of the table have changed."


@dataclass(slots=True)
class Entry:
    """A record that an import touched.

    Attributes:
        line: the row's line in its file, where it came as one.
        number: its place among the import's changes.
        parts: the groups that it is in, and its place there; none once its values are worked out.
        changes: attribute → before and after; worked out for what is shown.
    """

    import_: Import
    number: int
    index: int | None
    key: str | None
    action: Action
    pk: str
    model: type[Model]
    line: int | None
    parts: list[tuple[Group, int]]
    changes: Changes = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Of this change, not of the record."""
        return f"{self.import_.pk}-{self.number}"

    @property
    def resource_type(self) -> str:
        """The record's type; of a model without one, its label."""
        importer = importers.for_model(self.model)
        return importer.resource_type if importer else self.model._meta.label

    @property
    def record_id(self) -> str | None:
        """None where nothing was written."""
        return None if self.import_.dry_run else self.pk


def action_of(group: Group) -> Action:
    """Return what became of the group's records, as it is shown."""
    return Action.UPDATED if group.action is Action.TAGGED else group.action


def work_out(some: Collection[Entry]) -> None:
    """Give the entries their values before and after, and have them let go of their groups; two
    queries a group where they are kept as text.
    """
    groups: dict[int, tuple[Group, list[tuple[Entry, int]]]] = {}
    for entry in some:
        for group, place in entry.parts:
            if group.action is Action.TAGGED:
                entry.changes[group.attribute] = [group.before[place], group.after[place]]
            else:
                groups.setdefault(id(group), (group, []))[1].append((entry, place))
    for group, parts in groups.values():
        names = _attributes(group.model_class)
        states = group.states([place for _, place in parts])
        for (entry, _), old, new in zip(parts, *states, strict=True):
            shown_ = _values(names, old, new) | _hidden(entry.model, old, new)
            entry.changes = shown_ | entry.changes
    for entry in some:
        entry.parts = []


def with_values(found: Sequence[Entry]) -> Iterator[Entry]:
    """Yield the entries with their values, which are worked out some at a time."""
    for start in range(0, len(found), AT_A_TIME):
        some = found[start : start + AT_A_TIME]
        work_out(some)
        yield from some


def merged(import_: Import, groups: Sequence[Group]) -> list[Entry]:
    """Return one entry a row and record of a transaction's changes, by rows, without values."""
    found: dict[tuple[Any, ...], Entry] = {}
    for group in groups:
        model = group.model_class
        action = action_of(group)
        for place, (index, key, pk) in enumerate(
            zip(group.indexes, group.keys, group.pks, strict=True)
        ):
            entry = found.get((index, model, pk))
            if entry is None or group.action is not Action.TAGGED:
                entry = Entry(import_, 0, index, key, action, pk, model, None, [])
                found[index, model, pk] = entry
            entry.parts.append((group, place))
    importer = importers.find(import_.resource_type)
    own = importer and importer.model
    order = {True: 0, False: 1}
    return sorted(
        found.values(),
        key=lambda e: (NO_ROW if e.index is None else e.index, order[e.model is own]),
    )


def _values(names: Mapping[str, str], old: Values, new: Values) -> Changes:
    """Return the attributes in which two states of a record differ, {} being no record."""
    changes: Changes = {}
    for field_name, attribute in names.items():
        if not _is_known(field_name, old, new):
            continue
        before, after = shown(old.get(field_name)), shown(new.get(field_name))
        if before != after:
            changes[attribute] = [before, after]
    return changes


def _hidden(model: type[Any], old: Values, new: Values) -> Changes:
    """Return the secret attributes that changed, without values."""
    importer = importers.for_model(model)
    secret = _secret_fields(importer) if importer else {}
    return {
        attribute: [None, None]
        for name, attribute in secret.items()
        if _is_known(name, old, new) and old.get(name) != new.get(name)
    }


def _is_known(name: str, old: Values, new: Values) -> bool:
    """Return whether the field is known of every state of the record that there is."""
    return all(name in state for state in (old, new) if state)


@cache
def _secret_fields(importer: Importer) -> dict[str, str]:
    names = {f.attname: f.name for f in importer.model._meta.concrete_fields}
    return {attname: name for attname, name in names.items() if name in secrets_of(importer)}


@cache
def _attributes(model: type[Model]) -> dict[str, str]:
    """Return the fields whose values may be shown, by `attname`, with their attributes."""
    importer = importers.for_model(model)
    if importer is None:
        return {f.attname: f.attname for f in model._meta.concrete_fields if not f.primary_key}
    type_ = record_type_for(importer)
    by_name = {f.name: f.attname for f in model._meta.concrete_fields}
    own = {by_name[path]: name for name, path in type_.attributes.items() if path in by_name}
    links = {
        link.field.attname: f"{link.name}_id"
        for link in type_.schema.links
        if link.name not in secrets_of(importer)
    }
    times = {
        f.attname
        for f in model._meta.concrete_fields
        if getattr(f, "auto_now", False) or getattr(f, "auto_now_add", False)
    }
    return {name: attribute for name, attribute in (own | links).items() if name not in times}


def why_unreadable(error: Exception) -> str:
    """Return what to say of one of the errors of UNREADABLE."""
    if isinstance(error, SealBroken):
        return str(error)
    return MODEL_GONE if isinstance(error, LookupError) else OTHER_COLUMNS
