"""Choose the import that a free worker takes next.

Imports of one mode take effect as if they had run one after another in the order of creation,
wherever they could touch (see docs/decisions/turns.md). The rest runs side by side, and clients
take turns.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import cycle
from typing import Any, NamedTuple
from uuid import UUID

from django.db import models
from django.db.models import Case, Count, Min, Value, When

from imports_app.database import atomic
from imports_app.importer import Importer
from imports_app.models import Import, ImportQueue, Mode
from imports_app.queue import transitions
from imports_app.registry import importers


class Lease(NamedTuple):
    """The right to work on an import, until it expires or another worker takes it over."""

    import_id: UUID
    token: UUID
    # Whether the previous worker died, or was too slow, with rows in hand.
    orphaned: bool = False
    # The context of log lines about the work.
    mode: str | None = None
    resource_type: str | None = None
    caller: str | None = None


class Entry(NamedTuple):
    """What the queue needs to know about an active import."""

    pk: UUID
    resource_type: str
    cleanup_records: bool
    caller: str | None
    free: bool
    held_before: bool


class Footprint(NamedTuple):
    """The models whose records an import may write, and those it reads."""

    writes: frozenset[type[models.Model]]
    reads: frozenset[type[models.Model]]

    def conflicts(self, other: "Footprint") -> bool:
        """Return whether the order of the two could make a difference."""
        return bool(self.writes & (other.writes | other.reads) or other.writes & self.reads)


# Imports that agree in these may touch the same records.
KIND = ("resource_type", "cleanup_records")

# Each mode has its own queue: if one always came first, it would starve the other.
_modes_by_turn = cycle((tuple(Mode), tuple(reversed(Mode))))


def claim_next() -> Lease | None:
    """Claim the runnable import whose caller has waited longest; None if nothing can run now.

    The modes take turns at coming first.
    """
    for mode in next(_modes_by_turn):
        if Import.objects.unheld().filter(mode=mode).exists() and (lease := _claim_in(mode)):
            return lease
    return None


def _claim_in(mode: Mode) -> Lease | None:
    with atomic():
        queue = ImportQueue.objects.lock(mode)
        for entry in sorted(runnable(mode), key=lambda entry: queue.turn_of(entry.caller)):
            if lease := _claimed(queue, entry):
                return lease
    return None


def claim_toward(import_: Import) -> Lease | None:
    """Claim that import, or else the earliest of those before it that may run now."""
    with atomic():
        queue = ImportQueue.objects.lock(import_.mode)
        entries = {entry.pk: entry for entry in runnable(import_.mode)}
        before = Import.objects.filter(pk__in=entries, position__lt=import_.position)
        waiting = before.order_by("position").values_list("pk", flat=True)
        for pk in (import_.pk, *waiting):
            if pk in entries and (lease := _claimed(queue, entries[pk])):
                return lease
    return None


def _claimed(queue: ImportQueue, entry: Entry) -> Lease | None:
    token = transitions.claim(entry.pk)
    if token is None:
        return None
    queue.give_turn(entry.caller)
    about = queue.mode, entry.resource_type, entry.caller
    return Lease(entry.pk, token, entry.held_before, *about)


def runnable(mode: str) -> list[Entry]:
    """Return the active imports that may run now, in order: free, and not behind a conflicting one.

    However many wait, few are looked at: imports of a kind take turns, so the first of each kind
    speaks for those behind it.
    """
    active = Import.objects.active().filter(mode=mode)
    unheld = Import.objects.unheld().filter(mode=mode).order_by().values("pk")
    first = active.order_by().values(*KIND).annotate(first=Min("position")).values("first")
    rows = (
        active.filter(position__in=first)
        .annotate(
            free=Case(When(pk__in=unheld, then=Value(value=True)), default=Value(value=False)),
            held_before=Case(When(lease_token=None, then=False), default=True),
        )
        .values_list("pk", "resource_type", "cleanup_records", "caller", "free", "held_before")
    )
    return _without_conflict(Entry(*row) for row in rows)


def _without_conflict(entries: Iterable[Entry]) -> list[Entry]:
    """Return the free entries whose footprint conflicts with no earlier one's."""
    found: list[Entry] = []
    ahead: set[Footprint] = set()
    for entry in entries:
        footprint = footprint_of(entry.resource_type, entry.cleanup_records)
        if entry.free and not any(footprint.conflicts(earlier) for earlier in ahead):
            found.append(entry)
        ahead.add(footprint)
    return found


def count_runnable() -> int:
    """Return how many imports could be worked on at this moment."""
    if not Import.objects.unheld().exists():
        return 0
    return sum(len(runnable(mode)) for mode in Mode)


def queue_position(import_: Import) -> int:
    """Return how many imports a pending one waits for, itself included: 1 is next.

    Counts the earlier active imports that it must wait for, in the order of creation.
    """
    footprint = footprint_of(import_.resource_type, import_.cleanup_records)
    earlier = Import.objects.active().filter(mode=import_.mode, position__lt=import_.position)
    kinds = earlier.order_by().values(*KIND).annotate(count=Count("pk")).values_list(*KIND, "count")
    waits: int = sum(count for *kind, count in kinds if footprint.conflicts(footprint_of(*kind)))
    return 1 + waits


@lru_cache(maxsize=1024)
def footprint_of(resource_type: str, cleanup_records: bool) -> Footprint:  # noqa: FBT001  (cached by position)
    """Return the footprint of an import of that type; empty if the type is no longer registered."""
    importer = importers.find(resource_type)
    if importer is None:
        return Footprint(frozenset(), frozenset())
    writes = {*_writes(importer)}
    if cleanup_records:
        writes |= _cascade(importer.model)
    return Footprint(frozenset(writes), frozenset(_reads(importer)))


def _writes(importer: Importer) -> Iterator[type[models.Model]]:
    """Yield where an import creates and updates records: its own, their children, targets it makes.

    A tag that is made doesn't count: whoever makes it, it is the same.
    """
    yield importer.model
    for relation in (*importer.relations.values(), *importer.many.values()):
        if relation.makes or relation.inline_among:
            yield relation.to
    for child in importers.children_of(importer):
        yield from _writes(child)


def _reads(importer: Importer) -> Iterator[type[models.Model]]:
    """Yield what an import looks at: targets, tags, and what values are derived from."""
    yield from (relation.to for relation in importer.relations.values())
    yield from (relation.to for relation in importer.many.values())
    yield from importer.derive_reads
    if importer.tags:
        field: Any = importer.model._meta.get_field(importer.tags)
        yield field.related_model
    for child in importers.children_of(importer):
        yield from _reads(child)


def _cascade(model: type[models.Model]) -> set[type[models.Model]]:
    """Return the models whose records go when a record of this one is destroyed."""
    seen: set[type[models.Model]] = set()
    waiting = [model]
    while waiting:
        for related in waiting.pop()._meta.related_objects:
            child = related.related_model
            if related.on_delete is models.CASCADE and child not in seen:
                seen.add(child)
                waiting.append(child)
    return seen
