"""Services for imports, which the API, the staff pages and the commands call."""

from collections.abc import Container, Iterable
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from msgspec import Raw

from imports_app.database import atomic, on_commit
from imports_app.engine.types import admit
from imports_app.exceptions import (
    ImportInProgress,
    ImportUnfinished,
    InputsPruned,
    VersionChanged,
)
from imports_app.inputs import Rows, RowSource
from imports_app.models import Import, ImportQueue, Topic
from imports_app.models.attributes import inherited
from imports_app.models.status import ACTIVE, Status
from imports_app.outputs.csv_as_sent import readable
from imports_app.permissions import check_import
from imports_app.queue import transitions
from imports_app.queue.bell import ring
from imports_app.queue.idempotency import IdempotencyKey, transaction_under
from imports_app.services.approval import Approval, check_approval
from imports_app.services.in_process import eagerly
from imports_app.storage import chunks, csv_texts
from imports_app.storage.events import happened
from imports_app.telemetry.logs import note
from imports_app.telemetry.metrics import FINISHED


class ImportOrder:
    """An order for a new import: checked attributes and raw rows.

    `rows` are each the JSON text of one object, UTF-8; `csv` is the text that they came as,
    gzipped, if it was a table, and `lines` where in it they begin. The other arguments are
    the settable attributes by name (models/attributes.py); one that isn't given has its default.
    """

    def __init__(
        self,
        *,
        rows: Rows,
        csv: Iterable[bytes] | None = None,
        lines: Iterable[int] = (),
        **attributes: Any,
    ) -> None:
        self.rows = rows
        self.csv = csv
        self.lines = lines
        self.attributes = attributes

    @classmethod
    def of(cls, source: RowSource, **attributes: Any) -> "ImportOrder":
        """Return the order for the rows of a file, or of a request."""
        own = {**attributes, "format": source.format, "file": source.file}
        return cls(rows=source.rows, csv=source.csv, lines=source.lines, **own)


@eagerly
def create_import(  # noqa: PLR0913  (who asks, under which key, and who approved)
    *,
    order: ImportOrder,
    mode: str,
    caller: str | None = None,
    created_by: User | None = None,
    key: IdempotencyKey | None = None,
    approval: Approval | None = None,
) -> Import:
    """Store the import with its rows and ring for a worker once that is committed.

    `caller` is the key of who calls the API for it, `created_by` the user who asks for it.

    Raises NotPermitted; ApprovalNeeded without that; KeyTaken if the caller made an import under
    that key before, LockTimeout if it may be about to.
    """
    import_ = Import(
        mode=mode,
        caller=caller,
        created_by=created_by,
        inputs_size=len(order.rows),
        **order.attributes,
    )
    check_import(import_)
    with transaction_under(key):
        queue_import(import_, order.rows, order.lines, key, approval)
        if order.csv:
            csv_texts.store(import_, readable(order.csv, import_))
    return import_


def settings_of(import_: Import) -> dict[str, Any]:
    """Return what an import of the same rows begins with. No cleanup: a retry knows only some of
    them.
    """
    return {name: getattr(import_, name) for name in ("mode", "file", *inherited())}


def check_final(import_: Import, parent: str | None) -> None:
    """Raise why nothing can come after the import yet, or any more: NotAdmitted if its type or
    that parent went away since, ImportUnfinished.
    """
    admit(import_.resource_type, parent, import_.mode)
    if import_.status in ACTIVE:
        raise ImportUnfinished


def check_kept(import_: Import) -> None:
    """Raise InputsPruned if the import's rows are gone."""
    if not import_.chunks.exists():
        raise InputsPruned


def queue_import(
    import_: Import,
    rows: Iterable[bytes | Raw],
    lines: Iterable[int],
    key: IdempotencyKey | None,
    approval: Approval | None,
) -> None:
    """Insert the import and its rows, with their lines if they have any, and take its place last.

    Every import is created here, and none without an approval that it needs. Raises ApprovalNeeded.

    The lock of the place makes the order of creation that of the commits.

    The import comes first: an equal key waits before it stores anything.
    """
    check_approval(import_, approval)
    if key is not None:
        import_.idempotency_key, import_.fingerprint = key.key, key.fingerprint
    import_.save(force_insert=True)
    note(import_id=import_.pk, resource_type=import_.resource_type)
    chunks.store(import_, rows, lines)
    import_.position, import_.created_at = ImportQueue.objects.next_place(import_.mode)
    import_.updated_at = import_.created_at
    import_.save(update_fields=["position", "created_at", "updated_at"])
    happened(Topic.CREATE, import_)
    on_commit(ring)


def request_interrupt(*, import_: Import) -> Import:
    """Stop a pending import at once, a running one after the batch in hand.

    A final import stays as it is. Returns the import as it is now.
    """
    with atomic():
        ended = transitions.withdraw(import_.pk)
        if not ended:
            Import.objects.filter(pk=import_.pk, status=Status.IN_PROGRESS).update(
                interrupt_requested=True, updated_at=timezone.now()
            )
    import_.refresh_from_db()
    if ended:
        FINISHED.labels(import_.mode, import_.resource_type, import_.status).inc()
    return import_


def relabel(*, import_: Import, versions: Container[int] | None = None, **labels: Any) -> Import:
    """Change its labels: the changeable attributes (models/attributes.py).

    Raises Import.DoesNotExist if it was deleted in the meantime, and VersionChanged if it is of
    none of the `versions`, which are any if they aren't given.
    """
    with atomic():
        held = Import.objects.select_for_update().get(pk=import_.pk)
        _require(versions, held)
        if labels:
            changes = {**labels, "version": held.version + 1, "updated_at": timezone.now()}
            Import.objects.filter(pk=import_.pk).update(**changes)
            for name, value in changes.items():
                setattr(import_, name, value)
    return import_


def _require(versions: Container[int] | None, held: Import) -> None:
    if versions is not None and held.version not in versions:
        raise VersionChanged(held.version)


def delete_import(*, import_: Import, versions: Container[int] | None = None) -> None:
    """Delete the import with its inputs and logs; its records stay.

    Raises ImportInProgress while a worker has it, Import.DoesNotExist if it is gone already, and
    VersionChanged if it is of none of the `versions`, which are any if they aren't given.
    The row is locked, so that no worker can claim it between the look and the delete.
    """
    if import_.status == Status.IN_PROGRESS:  # don't wait for a running batch's lock
        raise ImportInProgress
    with atomic():
        held = Import.objects.select_for_update().get(pk=import_.pk)
        _require(versions, held)
        if held.status == Status.IN_PROGRESS:
            raise ImportInProgress
        happened(Topic.DESTROY, held)
        held.delete()
