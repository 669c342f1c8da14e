"""Retry an import: check that it can be retried, and create the import that does it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from msgspec import Raw

from imports_app.engine.types import NotAdmitted, dry_run_problem
from imports_app.exceptions import KeyTaken, NothingToRetry, RetriedAlready
from imports_app.inputs import RowSource
from imports_app.models import Format, Import
from imports_app.permissions import check_import
from imports_app.queue.idempotency import IdempotencyKey, transaction_under
from imports_app.services.approval import Approval
from imports_app.services.in_process import eagerly
from imports_app.services.lifecycle import check_final, check_kept, queue_import, settings_of
from imports_app.services.mending import MendedRows
from imports_app.storage import chunks
from imports_app.storage.failures import LeftUndone, rows_to_retry
from imports_app.storage.lines import lines_of, lines_to_retry


@dataclass(frozen=True)
class Mended:
    """Mended rows for a retry.

    Attributes:
        source: the failed rows that it is to have, mended; None means all of them as they were.
        options: how those are written: the retry's `file_options`.
        is_check: whether it shall only say what would happen; then it is not the retry.
        check: such a check that was made before, whose rows it is to have as they were checked.
    """

    source: RowSource | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    is_check: bool = False
    check: Import | None = None


AS_THEY_WERE = Mended()


class _Rows(NamedTuple):
    """Those of a retry; `mended` counts those that were."""

    rows: Iterable[bytes | Raw]
    lines: Iterable[int]
    size: int
    mended: int | None = None


@eagerly
def retry_import(  # noqa: PLR0913  (who asks, under which key, and who approved)
    *,
    import_: Import,
    caller: str | None = None,
    created_by: User | None = None,
    key: IdempotencyKey | None = None,
    mended: Mended = AS_THEY_WERE,
    approval: Approval | None = None,
) -> Import:
    """Create an import of the rows of a final one that failed, or that it never reached.

    Raises NotAdmitted if its type or its parent went away since, or a check would take too long,
    ImportUnfinished, RetriedAlready, NothingToRetry or InputsPruned, InputsRefused for rows that
    stand for none that failed, Import.DoesNotExist if it is gone by now, and what create_import
    raises.
    """
    with transaction_under(key):
        first = Import.objects.select_for_update().get(pk=import_.pk)
        _check(first, key, is_check=mended.is_check)
        given = _rows_of(LeftUndone(first), mended)
        retry = Import(
            caller=caller,
            created_by=created_by,
            retry_of=first,
            is_check=mended.is_check,
            inputs_size=given.size,
            **_settings(first, mended),
        )
        check_import(retry)
        queue_import(retry, given.rows, given.lines, key, approval)
        if given.mended is not None and not mended.is_check:
            Import.objects.filter(pk=first.pk).update(mended=given.mended)
    return retry


def _check(first: Import, key: IdempotencyKey | None, *, is_check: bool) -> None:
    """Raise why the import can't be retried."""
    check_final(first, first.parent_resource_id)
    retry = first.retries.filter(is_check=False).first()
    if retry and not is_check:
        is_same = key is not None and retry.idempotency_key == key.key
        raise KeyTaken if is_same else RetriedAlready(retry.pk)
    if first.processed_count == first.inputs_size:
        raise NothingToRetry
    check_kept(first)


def _rows_of(left: LeftUndone, mended: Mended) -> _Rows:
    first = left.import_
    if check := mended.check:
        check_kept(check)
        size = check.inputs_size
        return _Rows(chunks.rows_of(check.pk), lines_of(check.pk), size, size - left.untouched)
    if mended.source:
        given = MendedRows(left, mended.source)
        rows = _Rows(given.with_untouched(), given.lines(), len(given) + left.untouched, len(given))
    else:
        size = first.inputs_size - first.processed_count
        rows = _Rows(rows_to_retry(left), lines_to_retry(first.pk, left), size)
    if mended.is_check and (problem := dry_run_problem(rows.size)):
        raise NotAdmitted(problem)
    return rows


def _settings(first: Import, mended: Mended) -> dict[str, Any]:
    if mended.check:
        return settings_of(mended.check) | {"dry_run": first.dry_run}
    settings = settings_of(first)
    if mended.is_check:
        settings["dry_run"] = True
    # What was cells stays cells: values among them are understood, but not the other way round.
    if mended.source and (first.format == Format.JSON or mended.source.format == Format.CSV):
        settings |= {"format": mended.source.format, "file": mended.source.file}
        settings["file_options"] = dict(mended.options)
    return settings
