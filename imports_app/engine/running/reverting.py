"""Puts records back as they were before a transaction, as far as nobody changed them since."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import IntegrityError
from django.db.models import Model
from msgspec import Raw

from imports_app.database import atomic
from imports_app.engine.applying import current_ties, restore, write_back
from imports_app.engine.holding import Context
from imports_app.engine.planning import Drafts, Match
from imports_app.engine.reading import Row
from imports_app.engine.running.later_changes import (
    current,
    different,
    foreign_keys,
    held,
    insert_as_it_was,
    is_tag,
    listed,
    tagged,
    targets_there,
    there_of,
)
from imports_app.engine.running.reverted import Changes, restored, schema_of, without
from imports_app.engine.running.self_references import leaves_first
from imports_app.storage.groups import Action, Group, group_of
from imports_app.storage.images import records_of, snapshot, values_of
from imports_app.storage.log import Notice
from imports_app.storage.states import Values

NOTHING: Mapping[Any, Any] = {}
LEFT = "left"
NO_TEXT = Raw(b"{}")
GONE = "was left as it is: it is gone"
CHANGED = "was left as it is: {names} changed since"
REFERRED = "was left as it is: other records refer to it by now"
TAG = "was left as it is: created tags stay"
BACK = "was left as it is: it exists again"
REFUSED = "was left as it is: {message}"
TARGET = "was left as it is: what {name} referred to is gone"


class Reversal:
    """Takes groups of changes back, the last one first.

    Attributes:
        counts: how many records became what, by Action or LEFT.
        notices: why records were left as they are.
        groups: what it changed itself.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.counts: Counter[str] = Counter()
        self.notices: list[Notice] = []
        self.groups: list[Group] = []

    def take_back(self, group: Group) -> None:
        """Put the group's records back."""
        if group.action is Action.UPDATED:
            group = self._restore(group)
        model = group.model_class
        changes = Changes(model, group)
        match group.action:
            case Action.CREATED:
                self._destroy(model, changes)
            case Action.DESTROYED:
                self._make_again(model, changes)
            case Action.UPDATED:
                self._put_back(model, changes)
            case Action.TAGGED:
                self._tie(model, changes, group.attribute)

    def _restore(self, group: Group) -> Group:
        """Put back at once what nothing happened to since; return what is left of the group."""
        schema = schema_of(group.model_class)
        places = restore(self.context, schema, group) if schema else ()
        self.counts[Action.UPDATED] += len(places)
        self._note(restored(group, places))
        return without(group, places)

    def _leave(self, key: str | None, pk: Any, reason: str) -> None:
        self.counts[LEFT] += 1
        self.notices.append(Notice(None, key or str(pk), reason))

    def _destroy(self, model: type[Model], changes: Changes) -> None:
        _, after = changes.states()
        names = [field.attname for field in model._meta.concrete_fields]
        now = current(model, changes.pks, names)
        left = {pk: self._why_not(model, after[pk], now.get(pk)) for pk in changes.pks}
        free = [pk for pk, reason in left.items() if reason is None]
        left |= dict.fromkeys(tagged(model, free), CHANGED.format(names="its tags"))
        # After that: what stays for its tags holds what it refers to.
        left |= dict.fromkeys(held(model, [pk for pk in free if left[pk] is None]), REFERRED)
        for pk, reason in left.items():
            if reason is not None:
                self._leave(changes.keys[pk], pk, reason)
        going = [pk for pk in free if left[pk] is None]
        group = group_of(model, Action.DESTROYED)
        for pk, image in snapshot(model, going).items():
            group.add(changes.indexes[pk], changes.keys[pk], pk, image, None)
        for some in leaves_first(model, going):
            model._base_manager.filter(pk__in=some).delete()
        self.counts[Action.DESTROYED] += len(going)
        self._note(group)

    def _why_not(self, model: type[Model], after: Values, now: Values | None) -> str | None:
        if now is None:
            return GONE
        if is_tag(self.context.schema, model):
            return TAG
        names = different(model, after, now)
        return CHANGED.format(names=listed(names)) if names else None

    def _put_back(self, model: type[Model], changes: Changes) -> None:
        before, after = changes.states()
        names = {name for known in before.values() for name in known}
        now = current(model, changes.pks, sorted(names))
        wanted: dict[Any, Values] = {}
        for pk in changes.pks:
            if pk not in now:
                self._leave(changes.keys[pk], pk, GONE)
                continue
            changed = different(model, before[pk], after[pk])
            if since := {*changed}.intersection(different(model, after[pk], now[pk])):
                self._leave(changes.keys[pk], pk, CHANGED.format(names=listed(since)))
            else:
                wanted[pk] = {name: before[pk][name] for name in changed}
        self._write(model, changes, self._with_targets(model, changes, wanted))

    def _tie(self, model: type[Model], changes: Changes, attribute: str) -> None:
        schema = schema_of(model)
        many = schema and schema.many.get(attribute)
        if not many:
            for pk in changes.pks:
                self._leave(changes.keys[pk], pk, GONE)
            return
        now = current_ties(many, changes.pks)
        there = there_of(model, changes.pks)
        to = many.relation.to
        names = {to._meta.pk.to_python(each) for some in changes.before.values() for each in some}
        by_name = {str(pk): pk for pk in there_of(to, names)}
        wanted: dict[Any, Mapping[str, set[Any]]] = {}
        for pk in changes.pks:
            if pk not in there:
                self._leave(changes.keys[pk], pk, GONE)
            elif sorted(map(str, now.get(pk, ()))) != changes.after[pk]:
                self._leave(changes.keys[pk], pk, CHANGED.format(names=f"its {attribute}"))
            else:
                names = changes.before[pk]
                wanted[pk] = {attribute: {by_name[name] for name in names if name in by_name}}
        self._write(model, changes, {pk: {} for pk in wanted}, wanted)

    def _with_targets(
        self, model: type[Model], changes: Changes, wanted: dict[Any, dict[str, Any]]
    ) -> dict[Any, dict[str, Any]]:
        """Leave those that would refer to what is gone."""
        for field in foreign_keys(model):
            values = {fields.get(field.attname) for fields in wanted.values()} - {None}
            missing = values - targets_there(field, values)
            if field.related_model is model and field.target_field.primary_key:
                missing -= wanted.keys()  # they come back together
            for pk in [pk for pk in wanted if wanted[pk].get(field.attname) in missing]:
                if wanted[pk].get(field.attname) is not None:
                    del wanted[pk]
                    self._leave(changes.keys[pk], pk, TARGET.format(name=field.name))
        return wanted

    def _write(
        self,
        model: type[Model],
        changes: Changes,
        wanted: Mapping[Any, dict[str, Any]],
        many: Mapping[Any, Mapping[str, set[Any]]] = NOTHING,
    ) -> None:
        if not wanted:
            return
        schema = schema_of(model)
        if schema is None:
            self._write_unknown(model, wanted)
            return
        pks = [*wanted]
        rows = [Row(place, NO_TEXT) for place in range(len(pks))]
        drafts = Drafts(Match.ID, rows, range(len(pks)), [*wanted.values()], {}, pks)
        written = write_back(self.context, schema, drafts, many)
        for pk, row in zip(pks, rows, strict=True):
            if row.errors:
                message = "; ".join(error.message for error in row.errors)
                self._leave(changes.keys[pk], pk, REFUSED.format(message=message))
            else:
                self.counts[Action.UPDATED] += 1
        for group in written.changes:
            own = [pks[place] for place in group.indexes if place is not None]
            group.keys = [changes.keys[pk] for pk in own]
            group.indexes = [changes.indexes[pk] for pk in own]
            self._note(group)

    def _write_unknown(self, model: type[Model], wanted: Mapping[Any, dict[str, Any]]) -> None:
        """Put back what no importer is for: it lost a reference when its target was destroyed."""
        before = snapshot(model, wanted)
        for pk, fields in wanted.items():
            model._base_manager.filter(pk=pk).update(**fields)
        after = snapshot(model, wanted)
        group = group_of(model, Action.UPDATED)
        for pk in wanted:
            group.add(None, None, pk, before[pk], after[pk])
        self.counts[Action.UPDATED] += len(wanted)
        self._note(group)

    def _make_again(self, model: type[Model], changes: Changes) -> None:
        there = there_of(model, changes.pks)
        for pk in there:
            self._leave(changes.keys[pk], pk, BACK)
        wanted = [pk for pk in changes.pks if pk not in there]
        records = {r.pk: r for r in records_of(model, [changes.before[pk] for pk in wanted])}
        fields = self._with_targets(model, changes, {pk: values_of(records[pk]) for pk in wanted})
        made = [*self._inserted(model, changes, [records[pk] for pk in fields])]
        group = group_of(model, Action.CREATED)
        for pk, image in snapshot(model, made).items():
            group.add(changes.indexes[pk], changes.keys[pk], pk, None, image)
        self.counts[Action.CREATED] += len(made)
        self._note(group)

    def _inserted(
        self, model: type[Model], changes: Changes, records: Sequence[Model]
    ) -> Iterator[Any]:
        """Insert the records as they were; yield the ids of those that the database took."""
        if not records:
            return
        try:
            with atomic():
                insert_as_it_was(model, records)
        except IntegrityError:
            if len(records) == 1:
                reason = REFUSED.format(message="another record has its place")
                self._leave(changes.keys[records[0].pk], records[0].pk, reason)
                return
            middle = len(records) // 2
            yield from self._inserted(model, changes, records[:middle])
            yield from self._inserted(model, changes, records[middle:])
        else:
            yield from (record.pk for record in records)

    def _note(self, group: Group) -> None:
        if len(group) and self.context.import_.keep_changes:
            self.groups.append(group)
