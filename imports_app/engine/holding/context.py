"""What a worker knows about the import that it holds."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet, Sum

from imports_app.conf import conf
from imports_app.engine.holding.analyze import analyze_grown
from imports_app.engine.holding.ledger import DatabaseLedger, Ledger
from imports_app.engine.holding.outcome import Outcome
from imports_app.engine.holding.prefetch import Prefetch
from imports_app.engine.holding.seen_records import SeenRecords
from imports_app.engine.types import (
    Schema,
    compact,
    schema_for,
    target_records,
    unpack_early,
    unpack_ids,
)
from imports_app.engine.writers import Writer, writer_for
from imports_app.exceptions import CannotContinue, LeaseLost, NotRegistered
from imports_app.models import Format, Import, ImportBatch
from imports_app.models.ids import parse_id
from imports_app.models.status import Move, Status
from imports_app.registry import importers
from imports_app.secrecy.hidden import has_secrets
from imports_app.storage.lines import Lines

BATCHES = 25  # that are looked at together; at 18 bytes a row they are some megabytes


class Context:
    """An import in the hands of the worker whose lease has `token`.

    Attributes:
        import_: the import as of the last commit.
        parent: what a foreign key to the record that rows belong to holds, None without one.
        mode: the import's, and so that of all it reads and writes.
        errors_allowed: how many rows may fail before the import stops; None for any number.
        rows_done: how many rows were gone through: the index of the next one.
        keeps_secrets: whether rows of its type can have something to seal.
        seen: the records that rows have named so far.
        lines: where in a file its rows begin.
        kept: the records that failed rows mean; cleanup leaves them alone.
        early: the indexes of rows that took effect before their turn, and whether they made a
            record.
        unmatched: the number of failed rows that don't say which record they mean.
        warned: the warnings so far about the import as a whole; only those about a CSV's columns.
        hashes: what was hashed ahead for the batch in hand: (row index, attribute) → (text, hash).
        prefetch: what was read of the next batch.
        created: how many records were created since their tables were last analyzed, by model.
        ledger: where outcomes are recorded.
    """

    def __init__(self, import_: Import, token: UUID) -> None:
        self.import_ = import_
        self.token = token
        self.mode: str = import_.mode
        self.schema: Schema = _schema(import_)
        parent_id = import_.parent_resource_id
        self.parent = _parent(self.schema, parent_id, self.mode) if parent_id else None
        self.errors_allowed = (
            None
            if import_.skip_errors or import_.all_or_nothing
            else int(import_.inputs_size * conf.error_percent / 100)
        )
        self.rows_done = import_.processed_count + import_.errors_count
        self.seen = SeenRecords()
        self.kept = SeenRecords()
        self.lines = Lines(import_.pk)
        self.early: dict[int, bool] = {}
        self.unmatched = 0
        self.warned: set[str] = set()
        if self.rows_done:
            self._remember()
        self.hashes: dict[tuple[int, str], tuple[str, str]] = {}
        self.keeps_secrets = has_secrets(self.schema.importer)
        self.prefetch = Prefetch(self.schema, import_, keeps_secrets=self.keeps_secrets)
        self.created: Counter[type[Model]] = Counter()
        self.ledger: Ledger = DatabaseLedger(import_.pk, token)
        self._writers: dict[Schema, Writer] = {}

    def _remember(self) -> None:
        """Load the outcomes of earlier batches, which another worker may have carried out."""
        batches = self.import_.batches.all()
        for first_row, records, kept in _packed(batches):
            self.seen.add(unpack_ids(self.schema, records), first_row)
            self.kept.add(unpack_ids(self.schema, kept), first_row)
        self.early = _early(batches) if self.schema.own_links else {}
        self.unmatched = batches.aggregate(sum=Sum("unmatched"))["sum"] or 0
        self.warned = _warned(self.import_)

    @property
    def writer(self) -> Writer:
        """That of the import's own type."""
        return self.writer_of(self.schema)

    def writer_of(self, schema: Schema) -> Writer:
        """Return the one writer of that type's records."""
        if schema not in self._writers:
            self._writers[schema] = writer_for(schema, self.mode, self._use_time)
        return self._writers[schema]

    def _use_time(self) -> None:
        """Prepare what comes next while the database works."""
        self.prefetch.use_time(self.writer)

    def check_lease(self) -> None:
        """Check the lease, as the first thing in each transaction. Raise LeaseLost.

        Also reads whether somebody wants the import interrupted.
        """
        held = Import.objects.filter(
            pk=self.import_.pk, lease_token=self.token, status=Status.IN_PROGRESS
        )
        wanted = held.values_list("interrupt_requested", flat=True).first()
        if wanted is None:
            raise LeaseLost
        self.import_.interrupt_requested = wanted

    def absorb(self, outcome: Outcome) -> None:
        """Take over the outcome of a batch, once it is committed."""
        self.committed(outcome.move, outcome.changes)
        self.seen.add(outcome.records, outcome.rows.first)
        self.warned.update(notice.message for notice in outcome.notices if notice.index is None)
        self.kept.add(map(compact, outcome.kept.records), outcome.rows.first)
        self.early.update(outcome.early)
        self.unmatched += outcome.kept.unmatched
        analyze_grown(self.created)

    def committed(self, move: Move, changes: Mapping[str, Any]) -> None:
        """Bring the import up to date with what a transaction wrote."""
        self.import_.status = move.target
        for name, value in changes.items():
            setattr(self.import_, name, value)
        self.rows_done = self.import_.processed_count + self.import_.errors_count


def _schema(import_: Import) -> Schema:
    try:
        importer = importers.get(import_.resource_type)
    except NotRegistered as error:
        raise CannotContinue(str(error)) from error
    if importer.mode not in (None, import_.mode):  # since it was queued
        raise CannotContinue(f"{importer.resource_type} are not of {import_.mode} mode any more")
    return schema_for(importer)


def _parent(schema: Schema, parent_id: str, mode: str) -> Any:
    importer = schema.importer
    if importer.parent is None:
        raise CannotContinue(f"{importer.resource_type} have no parent")
    target = importer.relations[importer.parent].to
    pk = parse_id(target._meta.pk, parent_id)
    if pk is None or not target_records(target, mode).filter(pk=pk).exists():
        raise CannotContinue(f"the parent {parent_id} does not exist any more")
    return schema.links_by_name[importer.parent].held([pk])[pk]


def _packed(batches: QuerySet[ImportBatch]) -> Iterator[tuple[int, Any, Any]]:
    """Yield what is kept of each batch, some at a time: its first row, the ids of its records, and
    of those that its failed rows stand for.
    """
    ordered = batches.order_by("first_row").values_list("first_row", "records", "kept")
    some = [*ordered[:BATCHES]]
    while some:
        yield from some
        some = [*ordered.filter(first_row__gt=some[-1][0])[:BATCHES]]


def _early(batches: QuerySet[ImportBatch]) -> dict[int, bool]:
    packed = batches.exclude(early=b"").values_list("early", flat=True)
    return {index: is_new for one in packed for index, is_new in unpack_early(one).items()}


def _warned(import_: Import) -> set[str]:
    if import_.format != Format.CSV or not import_.warnings_count:
        return set()
    return set(import_.warnings.filter(index=None).values_list("message", flat=True))
