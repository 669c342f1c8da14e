"""Destroy the records that an import doesn't name, one transaction for each batch."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db.models import F, QuerySet

from imports_app.conf import conf
from imports_app.database import atomic
from imports_app.engine.holding import Context
from imports_app.engine.running.cascade import Doomed
from imports_app.engine.running.destroy import destroy, known_by, protected
from imports_app.engine.running.id_queries import scan
from imports_app.engine.running.self_references import own_references, with_those_under
from imports_app.engine.types import Schema, compact, expand, normal
from imports_app.models.among import Among
from imports_app.models.status import Move
from imports_app.storage import log

UNMATCHED = "nothing was destroyed: {count} of the failed rows can't be matched to a record"
TOO_MANY = "nothing was destroyed: cleanup would destroy {count} record{s}, more than {limit}"
PROTECTED = "was not destroyed: other records refer to it"
UNNAMED = "was not destroyed: no row can name it, its key has blanks around it or is not in NFC"
WHOLE = 100
SHOWN = 100  # keys that a dry run shows of the records that would be destroyed

_Keys = dict[Any, str | None]


class Cleanup:
    """The end of an import with `cleanup_records`, when every row was gone through.

    It goes through the records in the order of their ids and notes how far it came, so that a
    worker which takes over neither counts nor warns twice. Where they refer to each other it goes
    from the last to the first, for most refer to earlier ones.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.goes_back = any(own_references(context.schema.model))

    def next_batch(self) -> None:
        """Destroy some records and commit; complete the import when none is left.

        Raises LeaseLost, as a batch of rows does.
        """
        with atomic():
            self.context.check_lease()
            self.context.writer.begin()
            refusal = self._refusal()
            ids = [] if refusal else list(islice(self._candidates(), conf.cleanup_rows))
            move, changes = self._destroy(ids) if ids else self._finish(refusal)
        self.context.committed(move, changes)

    def _candidates(self) -> Iterator[Any]:
        """Return the ids of records in scope that no row stands for, behind those looked at
        before.
        """
        records = _scope(self.context)
        if (cursor := self.context.import_.cleanup_cursor) is not None:
            behind = "pk__lt" if self.goes_back else "pk__gt"
            records = records.filter(**{behind: self.context.schema.pk.to_python(cursor)})
        ids = scan(records, backwards=self.goes_back)
        return map(expand, self.context.kept.unseen(self.context.seen.unseen(ids)))

    def _stays(self, pk: Any) -> bool:
        """Return whether a row means the record."""
        return compact(pk) in self.context.seen or compact(pk) in self.context.kept

    def _destroy(self, ids: Sequence[Any]) -> tuple[Move, dict[str, Any]]:
        schema, last = self.context.schema, ids[-1]
        if self.goes_back:
            ids = with_those_under(_scope(self.context), ids, but=self._stays)
        going, unnamed = _by_name(schema, ids)
        shown = self._to_show({**going, **unnamed})
        doomed = Doomed(schema, going) if self.context.import_.keep_changes else None
        result = destroy(schema, [*going])
        if doomed:
            self.context.ledger.keep(self._number(), doomed.gone(is_all=result.is_all))
        warnings = [log.Notice(None, key, PROTECTED) for key in result.protected]
        warnings += [log.Notice(None, key, UNNAMED) for key in unnamed.values()]
        changes = self._changes(warnings, destroyed=result.count, cursor=str(last))
        if shown:
            kept = {notice.key for notice in warnings}
            changes["doomed_keys"] = [key for key in shown if key not in kept]
        self.context.ledger.move(Move.ADVANCE, changes, warnings)
        return Move.ADVANCE, changes

    def _number(self) -> int:
        """Return one behind those of the rows, that rises with every record that goes."""
        return self.context.import_.inputs_size + self.context.import_.destroyed_count

    def _to_show(self, keys: Mapping[Any, str | None]) -> list[str | None]:
        """Return the keys of the first records that a dry run goes through here, before they go."""
        import_ = self.context.import_
        if not import_.dry_run or import_.destroyed_count >= SHOWN:
            return []
        return [*import_.doomed_keys, *(keys[pk] for pk in sorted(keys))][:SHOWN]

    def _refusal(self) -> str | None:
        """Return why nothing may be destroyed; called before the first record is."""
        if self.context.unmatched:
            return UNMATCHED.format(count=self.context.unmatched)
        if self.context.import_.cleanup_cursor is None and (limit := self._limit()) is not None:
            count = sum(map(self._count_free, _batched(self._candidates())))
            s = "" if count == 1 else "s"
            return TOO_MANY.format(count=count, s=s, limit=limit) if count > limit else None
        return None

    def _limit(self) -> int | None:
        """Return how many records may go: as the client says, else a share of those in scope."""
        if self.context.import_.cleanup_limit is not None:
            return self.context.import_.cleanup_limit
        if conf.cleanup_percent >= WHOLE:
            return None
        return int(_scope(self.context).count() * conf.cleanup_percent / WHOLE)

    def _count_free(self, ids: Sequence[Any]) -> int:
        return len(ids) - len(protected(self.context.schema, ids))

    def _finish(self, refusal: str | None) -> tuple[Move, dict[str, Any]]:
        warnings = [log.Notice(None, None, refusal)] if refusal else []
        changes = self._changes(warnings)
        self.context.ledger.move(Move.COMPLETE, changes, warnings)
        return Move.COMPLETE, changes

    def _changes(
        self, warnings: Sequence[log.Notice], *, destroyed: int = 0, cursor: str | None = None
    ) -> dict[str, Any]:
        import_ = self.context.import_
        return {
            "destroyed_count": import_.destroyed_count + destroyed,
            "warnings_count": import_.warnings_count + len(warnings),
            "cleanup_cursor": cursor or import_.cleanup_cursor,
            "attempts": 0,
        }


def _scope(context: Context) -> QuerySet[Any]:
    """Return the records that cleanup is about: of the type, the mode, and the parent if one is
    given.
    """
    records = context.schema.records(context.mode)
    if context.parent is None:
        return records
    return records.filter(**{f"{context.schema.importer.parent}_id": context.parent})


def _by_name(schema: Schema, ids: Sequence[Any]) -> tuple[_Keys, _Keys]:
    """Return the records' natural keys by id: of those that rows can name, and of those whose key
    others wrote in a form that no name has, since a row may well have meant them.
    """
    records = schema.model._base_manager.filter(Among(F("pk"), ids)).order_by("pk")
    width = len(schema.found_by)
    named: _Keys = {}
    unnamed: _Keys = {}
    for pk, *values in records.values_list("pk", *schema.found_by, *schema.natural_key_paths):
        texts = [part for part in values[:width] if isinstance(part, str)]
        keys = unnamed if any(normal(text) != text for text in texts) else named
        keys[pk] = known_by(pk, *values[width:])
    return named, unnamed


def _batched(ids: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(ids, conf.cleanup_rows)):
        yield batch
