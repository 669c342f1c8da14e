"""The statement that turns a stage into records."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from django.db.models import CharField, EmailField, SlugField, TextField, URLField, UUIDField

from imports_app.database import quote
from imports_app.engine.planning import Match
from imports_app.engine.writers.layout import AnyField, moment
from imports_app.engine.writers.stage import Stage
from imports_app.engine.writers.values import each_converted

TEXTS = {CharField, EmailField, SlugField, TextField, URLField}

UNCHANGED, UPDATED, CREATED, INCOMPLETE = range(4)
MARK_BYTES = 9

# `planned` joins each staged row with its record, if there is one, and decides what to do. LATERAL
# with LIMIT 1, because a plain join with a table that was never analyzed hashes all of it.
# `changed` finds records by where they are stored, which is quicker than by id. What another
# session has just updated is elsewhere: it is left as it is, and counted.
WRITE = """
WITH planned AS MATERIALIZED (
    SELECT s.stage_n, o.pk, o.stage_place, {new_pk} AS new_pk, {merged}{kept},
        CASE
            WHEN o.pk IS NULL AND {complete} THEN {created}
            WHEN o.pk IS NULL THEN {incomplete}
            WHEN ({old}) IS DISTINCT FROM ({new}) THEN {updated}
            ELSE {unchanged}
        END AS outcome
    FROM {stage} s LEFT JOIN LATERAL (
        SELECT t.{pk} AS pk, t.ctid AS stage_place, {columns} FROM {table} t WHERE {match} LIMIT 1
    ) o ON true
    WHERE {within}
), changed AS (
    UPDATE {table} t SET {assignments} FROM planned p
    WHERE t.{pk} = p.pk AND t.ctid = p.stage_place AND p.outcome = {updated}
    RETURNING 1
), added AS (
    INSERT INTO {table} ({pk}, {insert_columns})
    SELECT p.new_pk, {insert_values} FROM planned p
    WHERE p.outcome = {created} ORDER BY {order}
)
"""
TELL = """
SELECT array_agg(stage_n - %(first)s) FILTER (WHERE outcome = {created}),
    count(*) FILTER (WHERE outcome = {updated}),
    {ids},
    array_agg(stage_n - %(first)s) FILTER (WHERE outcome = {unchanged}),
    array_agg(stage_n - %(first)s) FILTER (WHERE outcome = {incomplete}),
    count(*) FILTER (WHERE outcome = {updated}) - (SELECT count(*) FROM changed){told}
FROM (SELECT * FROM planned ORDER BY stage_n) planned
"""
UPDATE = """
UPDATE {table} t SET {assignments} FROM {stage} s
WHERE {within} AND t.{pk} = (SELECT t.{pk} FROM {table} t WHERE {match} LIMIT 1)
    AND ({old}) IS DISTINCT FROM ({new})
"""
ALL = "s.stage_n BETWEEN %(first)s AND %(last)s"


class Statement:
    """Plans, updates and creates the records of one stage.

    Returns one row: the places of those it created, how many it updated, all ids in the order of
    the rows, the places of those that were as they should be and of the incomplete ones, and how
    many records `left` has yet to update.
    If it is to tell what was there before, the places of those it updated follow, and of each field
    in `changes` the old values, in the order of these places.

    Attributes:
        mark: what stands between old values. It is made up for each statement, so that no value
            can have it; what follows its first character stands for NULL.
    """

    def __init__(self, stage: Stage, *, tells: bool = False) -> None:
        self.stage = stage
        self.mark = f"\x01{token_urlsafe(MARK_BYTES)}" if tells else ""
        self.layout = stage.layout
        self.schema = stage.layout.schema
        self.match = stage.match

    @property
    def sql(self) -> str:
        """The text; `parameters` has what goes into it."""
        tell = TELL.format(
            ids=self._ids(),
            told=self._told_columns(),
            created=CREATED,
            incomplete=INCOMPLETE,
            updated=UPDATED,
            unchanged=UNCHANGED,
        )
        return self.writing(ALL) + tell

    def writing(self, within: str) -> str:
        """Return the beginning of the text, which writes the staged rows within a condition, and
        leaves what became of them in `planned`.
        """
        changes = self.layout.changes
        staged = [quote(field.column) for field in self.stage.fields]
        constants = {quote(f.column): f"%(constant{n})s" for n, f in self._constants()}
        return WRITE.format(
            stage=self.stage.table,
            table=self._table,
            pk=quote(self.schema.pk.column),
            new_pk=self._new_pk(),
            match=self._match(),
            complete=self.stage.complete,
            within=within,
            columns=_list(f"t.{quote(f.column)}" for f in changes),
            merged=_list(f"{self._merged(f)} AS {quote(f.column)}" for f in self.stage.fields),
            old=_list(f"o.{quote(f.column)}" for f in changes),
            new=_list(self._merged(f) for f in changes),
            assignments=self._assignments({f: f"p.{quote(f.column)}" for f in changes}),
            insert_columns=_list([*staged, *constants]),
            insert_values=_list([*(f"p.{column}" for column in staged), *constants.values()]),
            order=self._order(),
            kept="".join(f", o.{quote(f.column)} AS stage_old_{n}" for n, f in self._told()),
            created=CREATED,
            incomplete=INCOMPLETE,
            updated=UPDATED,
            unchanged=UNCHANGED,
        )

    @property
    def left(self) -> str:
        """The text of a statement that updates the records that others were about to update."""
        changes = self.layout.changes
        merged = {field: self._merged(field, "t", self.schema.pk.column) for field in changes}
        return UPDATE.format(
            table=self._table,
            pk=quote(self.schema.pk.column),
            stage=self.stage.table,
            assignments=self._assignments(merged),
            within=ALL,
            match=self._match(),
            old=_list(f"t.{quote(f.column)}" for f in changes),
            new=_list(merged.values()),
        )

    @property
    def _table(self) -> str:
        return quote(self.schema.model._meta.db_table)

    def _assignments(self, values: Mapping[AnyField, str]) -> str:
        touched = (f"{quote(f.column)} = %(touched{n})s" for n, f in self._touched())
        given = [f"{quote(field.column)} = {value}" for field, value in values.items()]
        pk = quote(self.schema.pk.column)
        return _list([*given, *touched]) if given else f"{pk} = t.{pk}"

    def parameters(self, now: datetime) -> dict[str, Any]:
        """Return the values for a write at `now`."""
        constants = self.layout.constants(now)
        values = {f"constant{n}": value for n, value in enumerate(each_converted(constants))}
        values |= {f"touched{n}": moment(f, now) for n, f in self._touched()}
        last = self.stage.first + self.stage.count - 1
        fixed = {"first": self.stage.first, "last": last, "mode": self.layout.mode}
        return {**fixed, "mark": self.mark, "null": self.mark[1:], **values}

    def _told(self) -> Iterable[tuple[int, AnyField]]:
        return enumerate(self.layout.changes if self.mark else ())

    def _told_columns(self) -> str:
        """Return the aggregates of what was there before; no object is made of a single value."""
        if not self.mark:
            return ""
        updated = f"FILTER (WHERE outcome = {UPDATED})"
        texts = (
            f"string_agg(coalesce(stage_old_{n}::text, %(null)s), %(mark)s) {updated}"
            for n, _ in self._told()
        )
        return ", ".join(["", f"array_agg(stage_n - %(first)s) {updated}", *texts])

    def _constants(self) -> Iterable[tuple[int, AnyField]]:
        return enumerate(self.layout.constant)

    def _touched(self) -> Iterable[tuple[int, AnyField]]:
        return enumerate(self.layout.touched)

    def _new_pk(self) -> str:
        if "stage_pk" in self.stage.names:
            return "s.stage_pk"
        table = quote(self.schema.model._meta.db_table.replace("'", "''"))
        named = f"pg_get_serial_sequence('{table}', '{self.schema.pk.column}')"
        # In a query of its own it is looked for once, not for each row.
        sequence = f"(SELECT {named}::regclass)"
        return f"CASE WHEN o.pk IS NULL AND {self.stage.complete} THEN nextval({sequence}) END"

    def _ids(self) -> str:
        """Return the aggregate of the records' ids; UUIDs stand side by side."""
        if isinstance(self.schema.pk, UUIDField):
            return "string_agg(uuid_send(coalesce(pk, new_pk)), '')"
        return "array_agg(coalesce(pk, new_pk))"

    def _match(self) -> str:
        if self.match is Match.NONE:
            return "false"
        scope = [f"t.{quote('mode')} = %(mode)s"] if self.schema.has_mode else []
        if self.match is Match.ID:
            parts = [f"t.{quote(self.schema.pk.column)} = s.stage_pk"]
        else:
            parts = [_same(quote(f.column), can_be_null=f.null) for f in self.schema.key_fields]
        return " AND ".join(parts + scope)

    def _merged(self, field: AnyField, record: str = "o", pk: str | None = "pk") -> str:
        """Return the field's new value: the row's if it gives one, else the record's if there is
        one.
        """
        column = quote(field.column)
        if field not in self.layout.mixed:
            return f"s.{column}"
        bit = 1 << self.layout.mixed.index(field)
        given = f"s.stage_has & {bit} <> 0 OR {record}.{quote(pk)} IS NULL"
        return f"CASE WHEN {given} THEN s.{column} ELSE {record}.{column} END"

    def _order(self) -> str:
        """Key order, so that writers of the same records lock them in the same order."""
        if self.match is not Match.KEY:
            return "p.stage_n"
        return _list(f"p.{quote(f.column)}{_bytewise(f)}" for f in self.schema.key_fields)


def _same(column: str, *, can_be_null: bool) -> str:
    # Only `=` can use an index, so the parts that can't be null had better be selective.
    return f"t.{column} {'IS NOT DISTINCT FROM' if can_be_null else '='} s.{column}"


def _bytewise(field: AnyField) -> str:
    """Let text sort by its bytes, which is quicker than by any language's rules."""
    is_text = type(field) in TEXTS and not getattr(field, "db_collation", None)
    return ' COLLATE "C"' if is_text else ""


def _list(parts: Iterable[str]) -> str:
    return ", ".join(parts) or "NULL"
