"""Which import a free worker takes next.

Imports of one mode take effect as if they had run one after another in the order of creation,
wherever they could touch (contract: What an import does, 8). The rest runs side by side, and
clients take turns.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import cycle
from typing import Any, NamedTuple
from uuid import UUID

from django.db import models, transaction
from django.db.models import Case, Count, Min, Q, Value, When

from imports_app.importer import Importer
from imports_app.models import Import, ImportQueue, Mode
from imports_app.queue import transitions
from imports_app.registry import importers


class Lease(NamedTuple):
    """The right to work on an import, until it expires or another worker takes it over."""

    import_id: UUID
    token: UUID
    # Whether the worker that had it before died, or was too slow, with rows in hand.
    orphaned: bool = False


class Entry(NamedTuple):
    """What the queue needs to know of an active import."""

    pk: UUID
    resource_type: str
    cleanup_records: bool
    client_id: int | None
    free: bool
    held_before: bool


class Touch(NamedTuple):
    """The models whose records an import may write, and those it looks at."""

    writes: frozenset[type[models.Model]]
    reads: frozenset[type[models.Model]]

    def conflicts(self, other: "Touch") -> bool:
        """Whether the order of the two could make a difference."""
        return bool(self.writes & (other.writes | other.reads) or other.writes & self.reads)


# Imports that agree in these may touch the same.
KIND = ("resource_type", "cleanup_records")

# The modes' queues know nothing of each other: whichever came first always would starve the other.
_modes_by_turn = cycle((tuple(Mode), tuple(reversed(Mode))))


def claim_next() -> Lease | None:
    """Claims the runnable import whose client has waited longest; None if nothing can run now.

    The modes take turns at being looked at first.
    """
    for mode in next(_modes_by_turn):
        if Import.objects.unheld().filter(mode=mode).exists() and (lease := _claim_in(mode)):
            return lease
    return None


def _claim_in(mode: Mode) -> Lease | None:
    with transaction.atomic():
        queue = ImportQueue.objects.lock(mode)
        for entry in sorted(runnable(mode), key=lambda entry: queue.turn_of(entry.client_id)):
            if token := transitions.claim(entry.pk):
                queue.give_turn(entry.client_id)
                return Lease(entry.pk, token, orphaned=entry.held_before)
    return None


def runnable(mode: str) -> Iterator[Entry]:
    """Active imports that no worker holds and no earlier one stands in the way of, in order."""
    ahead: set[Touch] = set()
    for entry in _entries(mode):
        touch = touch_of(entry.resource_type, entry.cleanup_records)
        if not any(touch.conflicts(earlier) for earlier in ahead) and entry.free:
            yield entry
        ahead.add(touch)


def count_runnable() -> int:
    """How many imports could be worked on at this moment."""
    return sum(1 for mode in Mode for _ in runnable(mode))


def queue_position(import_: Import) -> int:
    """How many imports a pending one waits for, itself included: 1 is next.

    Counts the earlier active imports that it must wait for, in the order of creation.
    """
    touch = touch_of(import_.resource_type, import_.cleanup_records)
    earlier = Import.objects.active().filter(mode=import_.mode, position__lt=import_.position)
    kinds = _by_kind(earlier).annotate(count=Count("pk")).values_list(*KIND, "count")
    waits: int = sum(count for *kind, count in kinds if touch.conflicts(touch_of(*kind)))
    return 1 + waits


def _entries(mode: str) -> list[Entry]:
    """The active imports that may run or stand in the way of others, in the order of creation.

    However many wait, these are few: imports of a kind wait for each other, so the first of each
    kind speaks for those behind it. Imports of types that nobody knows any more wait for nothing.
    """
    active = Import.objects.active().filter(mode=mode)
    first = _by_kind(active).annotate(first=Min("position")).values("first")
    unknown = ~Q(resource_type__in=[importer.resource_type for importer in importers])
    unheld = Import.objects.unheld().filter(mode=mode).order_by().values("pk")
    rows = (
        active.filter(Q(position__in=first) | unknown)
        .annotate(
            free=Case(When(pk__in=unheld, then=Value(value=True)), default=Value(value=False)),
            held_before=Case(When(lease_token=None, then=False), default=True),
        )
        .values_list("pk", "resource_type", "cleanup_records", "client_id", "free", "held_before")
    )
    return [Entry(*row) for row in rows]


def _by_kind(imports: models.QuerySet[Import]) -> Any:
    """The imports grouped by all that says what they may touch."""
    return imports.order_by().values(*KIND)


@lru_cache(maxsize=1024)
def touch_of(resource_type: str, cleanup_records: bool) -> Touch:  # noqa: FBT001  (cached by position)
    """What an import of that type may touch; nothing if the type is no longer registered."""
    if resource_type not in importers:
        return Touch(frozenset(), frozenset())
    importer = importers.get(resource_type)
    writes = {*_writes(importer)}
    if cleanup_records:
        writes |= _cascade(importer.model)
    return Touch(frozenset(writes), frozenset(_reads(importer)))


def _writes(importer: Importer) -> Iterator[type[models.Model]]:
    """Where an import creates and updates records: its own, their children, targets it makes.

    A tag that is made doesn't count: whoever makes it, it is the same.
    """
    yield importer.model
    for relation in importer.relations.values():
        if relation.makes or relation.inline_among:
            yield relation.to
    for child in _children(importer):
        yield from _writes(child)


def _reads(importer: Importer) -> Iterator[type[models.Model]]:
    """What an import looks at: targets, tags, and what values are derived from."""
    yield from (relation.to for relation in importer.relations.values())
    yield from importer.derive_reads
    if importer.tags:
        field: Any = importer.model._meta.get_field(importer.tags)
        yield field.related_model
    for child in _children(importer):
        yield from _reads(child)


def _children(importer: Importer) -> Iterator[Importer]:
    for attribute in importer.children:
        related: Any = importer.model._meta.get_field(attribute)
        if child := importers.for_model(related.related_model):
            yield child


def _cascade(model: type[models.Model]) -> set[type[models.Model]]:
    """The models whose records go when a record of this one is destroyed."""
    seen: set[type[models.Model]] = set()
    waiting = [model]
    while waiting:
        for related in waiting.pop()._meta.related_objects:
            child = related.related_model
            if related.on_delete is models.CASCADE and child not in seen:
                seen.add(child)
                waiting.append(child)
    return seen
