"""Store import drafts: the file, packed and sealed in pieces, and the state of the work on it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import IO, Any
from uuid import UUID, uuid5

import msgspec
from django.contrib.auth.models import User
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.crypto import salted_hmac

from imports_app.conf import conf
from imports_app.database import atomic
from imports_app.exceptions import DraftsFull, SealBroken
from imports_app.models import ColumnMatching, Import, ImportDraft, ImportDraftPiece
from imports_app.models.keyset import in_pages
from imports_app.models.zstd import packed, unpacked
from imports_app.storage.seal import Seal

PURPOSE = "imports_app.storage.drafts"
PIECE = 1024 * 1024  # bytes, unpacked
STATE = -1  # the place of the state, beside those of the pieces
PRUNED_AT_ONCE = 20
MATCHINGS = UUID("5f0d4f0e-6f0b-4b7e-9d0f-5b1d2f6a7c11")  # the namespace of their seals

State = dict[str, Any]


def create(owner: User, resource_type: str, name: str, stream: IO[bytes]) -> ImportDraft:
    """Store the file. Raises DraftsFull if its owner's drafts are too large together."""
    draft = ImportDraft(owner=owner, resource_type=resource_type, name=name, size=0)
    draft.state = _sealed(draft.pk, STATE, {})
    seal = Seal(draft.pk)
    left = conf.draft_bytes - _bytes_of(owner)
    with atomic():
        draft.save(force_insert=True)
        for number, piece in enumerate(iter(lambda: stream.read(PIECE), b"")):
            draft.size += len(piece)
            if draft.size > left:
                raise DraftsFull
            content = seal.close(number, packed(piece))
            ImportDraftPiece(draft=draft, number=number, content=content).save(force_insert=True)
        draft.save(update_fields=["size"])
    return draft


def for_mending(owner: User, import_: Import) -> ImportDraft:
    """Return what its owner mended so far of the import's failed rows; a new draft, not kept yet,
    before anything was.
    """
    kept = ImportDraft.objects.filter(owner=owner, mends=import_).first()
    if kept is None:
        name = (import_.file or {}).get("name") or import_.reference or ""
        kept = ImportDraft(owner=owner, mends=import_, name=name, size=0)
        kept.resource_type = import_.resource_type
        kept.state = _sealed(kept.pk, STATE, {})
    return kept


def content_of(draft: ImportDraft) -> Iterator[bytes]:
    """Yield the file, in flat memory. Raises SealBroken."""
    seal = Seal(draft.pk)
    for piece in in_pages(ImportDraftPiece.objects.filter(draft=draft), "number", 2):
        yield unpacked(seal.open(piece.number, bytes(piece.content)))


def state_of(draft: ImportDraft) -> State:
    """Return what was found and decided so far. Raises SealBroken."""
    state: State = _opened(draft.pk, STATE, draft.state)
    return state


def save_state(draft: ImportDraft, state: State) -> None:
    """Store the state of the draft and its resource type; its age begins again from zero."""
    draft.state = _sealed(draft.pk, STATE, state)
    draft.save(update_fields=["state", "resource_type", "last_check", "updated_at"])


def save_mending(draft: ImportDraft, state: State) -> None:
    """Store what its maker has mended so far."""
    draft.state = _sealed(draft.pk, STATE, state)
    draft.save()


def prune_drafts() -> int:
    """Delete drafts that nobody has worked on for conf.draft_days; return their number.

    Meant for the sweep: a call is short, and what is left waits for the next one.
    """
    before = timezone.now() - timedelta(days=conf.draft_days)
    old = list(_old(before).values_list("pk", flat=True)[:PRUNED_AT_ONCE])
    if old:
        ImportDraft.objects.filter(pk__in=old).delete()
    return len(old)


def remember(resource_type: str, header: Sequence[str], columns: Any) -> None:
    """Store how the columns of such a file were matched; the last matching is offered again."""
    digest = _digest(header)
    sealed = _sealed(_place_of(resource_type, digest), STATE, columns)
    ColumnMatching.objects.update_or_create(
        resource_type=resource_type, header=digest, defaults={"columns": sealed}
    )


def remembered(resource_type: str, header: Sequence[str]) -> Any:
    """Return how the columns of such a file were matched; None if they never were."""
    digest = _digest(header)
    found = ColumnMatching.objects.filter(resource_type=resource_type, header=digest).first()
    if found is None:
        return None
    try:
        return _opened(_place_of(resource_type, digest), STATE, found.columns)
    except SealBroken:
        return None  # sealed with a secret key that is gone


def _old(before: Any) -> QuerySet[ImportDraft]:
    return ImportDraft.objects.filter(updated_at__lt=before).order_by("updated_at")


def _bytes_of(owner: User) -> int:
    kept = ImportDraft.objects.filter(owner=owner).aggregate(size=Sum("size"))["size"]
    return int(kept or 0)


def _digest(header: Sequence[str]) -> str:
    """Return a keyed digest, from which the database alone can't reveal short names."""
    text = msgspec.json.encode(list(header)).decode()
    return salted_hmac(PURPOSE, text, algorithm="sha256").hexdigest()


def _place_of(resource_type: str, digest: str) -> UUID:
    return uuid5(MATCHINGS, f"{resource_type} {digest}")


def _sealed(owner: UUID, place: int, value: Any) -> bytes:
    return Seal(owner).close(place, packed(msgspec.json.encode(value)))


def _opened(owner: UUID, place: int, sealed: Any) -> Any:
    return msgspec.json.decode(unpacked(Seal(owner).open(place, bytes(sealed))))
