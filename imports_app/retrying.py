"""Importing again what an import left undone: whether that may be, and the import that does it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User

from imports_app.engine.types import NotAdmitted, admit, whole_problem
from imports_app.exceptions import (
    ImportUnfinished,
    InputsPruned,
    KeyTaken,
    NothingToRetry,
    RetriedAlready,
)
from imports_app.here import eagerly
from imports_app.inputs import RowSource
from imports_app.mending import MendedRows
from imports_app.models import Format, Import
from imports_app.models.status import ACTIVE
from imports_app.permissions import check_import
from imports_app.queue.idempotency import IdempotencyKey, transaction_under
from imports_app.services import queue_import, settings_of
from imports_app.storage.failures import LeftUndone, rows_to_retry
from imports_app.storage.lines import lines_to_retry


@dataclass(frozen=True)
class Mended:
    """What a retry may be given.

    Attributes:
        source: the failed rows that it is to have, mended; None means all of them as they were.
        options: how those are written: the retry's `file_options`.
        is_check: whether it shall only say what would happen; then it is not the retry.
    """

    source: RowSource | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    is_check: bool = False


AS_THEY_WERE = Mended()


@eagerly
def retry_import(
    *,
    import_: Import,
    caller: str | None = None,
    created_by: User | None = None,
    key: IdempotencyKey | None = None,
    mended: Mended = AS_THEY_WERE,
) -> Import:
    """Make an import of the rows of a final one that failed, or that it never came to.

    Raises NotAdmitted if its type or its parent went away since, or a check would take too long,
    ImportUnfinished, RetriedAlready, NothingToRetry or InputsPruned, InputsRefused for rows that
    stand for none that failed, Import.DoesNotExist if it is gone by now, and what create_import
    raises.
    """
    with transaction_under(key):
        first = Import.objects.select_for_update().get(pk=import_.pk)
        _check(first, key, is_check=mended.is_check)
        retry = Import(
            caller=caller,
            created_by=created_by,
            retry_of=first,
            is_check=mended.is_check,
            **_settings(first, mended),
        )
        left = LeftUndone(first)
        rows: Iterable[bytes] = rows_to_retry(left)
        lines: Iterable[int] = lines_to_retry(first.pk, left)
        retry.inputs_size = first.inputs_size - first.processed_count
        if mended.source:
            given = MendedRows(left, mended.source)
            rows, lines = given.with_untouched(), given.lines()
            retry.inputs_size = len(given) + left.untouched
            if not mended.is_check:
                Import.objects.filter(pk=first.pk).update(mended=len(given))
        if mended.is_check and (
            problem := whole_problem({"dry_run": True}, [b""] * retry.inputs_size)
        ):
            raise NotAdmitted(problem)
        check_import(retry)
        queue_import(retry, rows, lines, key)
    return retry


def _check(first: Import, key: IdempotencyKey | None, *, is_check: bool) -> None:
    """Raise why the import can't be retried."""
    admit(first.resource_type, first.parent_resource_id, first.mode)
    if first.status in ACTIVE:
        raise ImportUnfinished
    retry = first.retries.filter(is_check=False).first()
    if retry and not is_check:
        is_same = key is not None and retry.idempotency_key == key.key
        raise KeyTaken if is_same else RetriedAlready(retry.pk)
    if first.processed_count == first.inputs_size:
        raise NothingToRetry
    if not first.chunks.exists():
        raise InputsPruned


def _settings(first: Import, mended: Mended) -> dict[str, Any]:
    settings = settings_of(first)
    if mended.is_check:
        settings["dry_run"] = True
    # What was cells stays cells: values among them are understood, but not the other way round.
    if mended.source and (first.format == Format.JSON or mended.source.format == Format.CSV):
        settings |= {"format": mended.source.format, "file": mended.source.file}
        settings["file_options"] = dict(mended.options)
    return settings
