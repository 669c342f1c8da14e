"""Create targets that rows ask for: a customer by email, an inline address.

They are made before the rows are written, which refer to them, and are gone again if no row that
does took effect: a row that fails changes nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db import Error

from imports_app.engine.applying import recording
from imports_app.engine.applying.missing_records import ensure
from imports_app.engine.applying.refusals import explain
from imports_app.engine.applying.searching import apart, refused_among
from imports_app.engine.holding import Context
from imports_app.engine.planning import MISMATCH, Draft, Drafts, Match, ToCreate, draft
from imports_app.engine.reading import Row, lift, parts_of
from imports_app.engine.types import BASE, Link, Schema, schema_for_model
from imports_app.engine.writers import as_json
from imports_app.importer import RowError
from imports_app.storage.groups import Group

# A row, and the row of the inputs that it is a part of: itself, if it isn't a child.
Brought = tuple[Row, Row]


class TargetCreator:
    """Creates the targets that the rows of one batch ask for, and remembers them.

    With `isolating` what the database refuses is told apart, and fails the rows that ask for it;
    without, the refusal is raised.

    Attributes:
        created: the ids of the records made or found by type.
    """

    def __init__(self, context: Context, *, isolating: bool) -> None:
        self._context = context
        self._isolating = isolating
        self.created: dict[Schema, set[Any]] = defaultdict(set)
        self._uses: list[tuple[Row, Schema, Any]] = []

    def make(self, rows: Sequence[Row]) -> None:
        """Create the targets that rows' relations ask for, and replace them by their ids."""
        self._make(self._context.schema, [(row, row) for row in rows])

    def discard(self, skipped: Collection[int]) -> None:
        """Destroy what was created only for rows that failed or are `skipped`."""
        uses = [use for use in self._uses if not use[0].errors and use[0].index not in skipped]
        used = {(schema, pk) for _, schema, pk in uses}
        for schema, pks in self.created.items():
            if unused := [pk for pk in pks if (schema, pk) not in used]:
                schema.model._base_manager.filter(pk__in=unused).delete()
                pks.difference_update(unused)

    def changes(self) -> Iterator[Group]:
        """Yield the created targets that remain, each at the first row that it was created for."""
        for schema, pks in self.created.items():
            uses = reversed(self._uses)
            indexes = {pk: row.index for row, to, pk in uses if to is schema and pk in pks}
            yield from recording.made_for(self._context, schema, indexes)

    def _make(self, schema: Schema, brought: Sequence[Brought]) -> None:
        for link in schema.links:
            if link.relation.makes:
                self._by_key(link, _sound(brought))
            if link.relation.inline_among:
                self._inline(schema, link, _sound(brought))
        for child in schema.children:
            self._make(
                child.schema,
                [(inner, row) for part, row in brought for inner in parts_of(part, child)],
            )

    def _by_key(self, link: Link, brought: Sequence[Brought]) -> None:
        field = link.field.attname
        asked = [
            (made, pair)
            for pair in brought
            if isinstance(made := pair[0].values.get(field), ToCreate)
        ]
        if not asked:
            return
        target = schema_for_model(link.relation.to)
        pks, refused = apart(
            sorted({made.key for made, _ in asked}),
            lambda keys: ensure(target, keys, mode=self._context.mode),
            isolating=self._isolating,
        )
        self.created[target].update(pks.values())
        self._context.created[target.model] += len(pks)
        for made, (_, row) in asked:
            if error := refused.get(made.key):
                name = target.key_names[0]
                self._fail(row, link, explain(target, error, {name: made.key}))
        self._use(
            link, [(part, row, pks[made.key]) for made, (part, row) in asked if made.key in pks]
        )

    def _inline(self, schema: Schema, link: Link, brought: Sequence[Brought]) -> None:
        """Find or make the targets that are given as objects."""
        asked = [pair for pair in brought if link.name in _inline_of(pair[0])]
        drafts = dict(self._drafts(link, asked))
        if not drafts:
            return
        target = schema_for_model(link.relation.to)
        among = schema.links_by_name[link.relation.inline_among or ""].field.attname
        owners = {part.values.get(among) for part, _ in asked}
        known = self._equal_ones(schema, link, among, owners)
        new: dict[Any, Draft] = {}
        identities = {}
        for n, (part, _) in enumerate(asked):
            if n in drafts:
                identities[n] = (part.values.get(among), _identity(link, drafts[n].fields))
                if identities[n] not in known:
                    new.setdefault(identities[n], drafts[n])
        written, refused = apart(
            [*new],
            lambda some: self._write(link, new, some),
            lambda some: self._refused(link, new, some),
            isolating=self._isolating,
        )
        known |= written
        for n, identity in identities.items():
            if error := refused.get(identity):
                fields = new[identity].fields
                self._fail(asked[n][1], link, explain(target, error, fields))
        self._use(link, [(*asked[n], known[i]) for n, i in identities.items() if i in known])

    def _drafts(self, link: Link, asked: Sequence[Brought]) -> Iterator[tuple[int, Draft]]:
        """Yield a draft of each row's target, by the row's place; errors of one fail its row."""
        target = schema_for_model(link.relation.to)
        for n, (part, row) in enumerate(asked):
            inline = _inline_of(part)[link.name]
            if link.field.attname in part.values:
                row.errors.append(RowError(link.name, *MISMATCH))
                continue
            inline.index = n
            made = draft(target, [inline], mode=self._context.mode)
            for each in made:
                _be_new(each)
            is_incomplete = bool(inline.errors)
            lift(inline, row, link.name)
            if made and not is_incomplete:
                yield n, made[0]

    def _equal_ones(
        self, schema: Schema, link: Link, among: str, owners: Collection[Any]
    ) -> dict[Any, Any]:
        """Return the targets that records with one of these owners refer to: (owner, identity) →
        id.
        """
        names = _identifying(link)
        records = schema.records(self._context.mode).filter(**{f"{among}__in": owners})
        paths = [f"{link.name}__{name}" for name in names]
        rows = records.order_by("-pk").values_list(among, f"{link.name}__pk", *paths)
        return {
            (owner, _identity(link, dict(zip(names, values, strict=True)))): pk
            for owner, pk, *values in rows
        }

    def _write(self, link: Link, new: Mapping[Any, Draft], some: Sequence[Any]) -> dict[Any, Any]:
        target = schema_for_model(link.relation.to)
        written = self._context.writer_of(target).write(
            Drafts.of([new[identity] for identity in some])
        )
        self.created[target].update(written.records.values())
        self._context.created[target.model] += written.created
        return {identity: written.records[new[identity].row.index] for identity in some}

    def _refused(
        self, link: Link, new: Mapping[Any, Draft], some: Sequence[Any]
    ) -> dict[Any, Error]:
        writer = self._context.writer_of(schema_for_model(link.relation.to))
        found = refused_among(writer, [new[identity] for identity in some])
        return {some[place]: error for place, error in found.items()}

    def _fail(self, row: Row, link: Link, errors: Sequence[RowError]) -> None:
        """Add the errors of a target to the relation of the row that asks for it."""
        row.errors.extend(
            RowError(link.name if attribute == BASE else f"{link.name}.{attribute}", code, message)
            for attribute, code, message in errors
        )

    def _use(self, link: Link, uses: Sequence[tuple[Row, Row, Any]]) -> None:
        """Let each part refer to the target of that id."""
        target = schema_for_model(link.relation.to)
        held = link.held({pk for *_, pk in uses})
        for part, row, pk in uses:
            part.values[link.field.attname] = held[pk]
            self._uses.append((row, target, pk))


def _sound(brought: Sequence[Brought]) -> list[Brought]:
    return [(part, row) for part, row in brought if not row.errors]


def _be_new(made: Draft) -> None:
    """Let a draft create its record, whatever has its reference: one that is equal among those of
    the owner is looked for by itself, and any other is not the row's to change.
    """
    if made.match is Match.REFERENCE:
        made.match = Match.NONE
        made.row.errors.extend(made.missing)


def _inline_of(row: Row) -> Mapping[str, Row]:
    return row.parts.inline if row.parts else {}


def _identifying(link: Link) -> list[str]:
    target = schema_for_model(link.relation.to)
    return [column.field.attname for column in target.columns] + [
        inner.field.attname for inner in target.links
    ]


def _identity(link: Link, fields: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what makes two targets equal: all that a row can say of them, and the defaults of what
    it does not say.
    """
    model = link.relation.to
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    values = (
        fields[name] if name in fields else by_name[name].get_default()
        for name in _identifying(link)
    )
    return tuple(as_json(value) if isinstance(value, dict | list) else value for value in values)
