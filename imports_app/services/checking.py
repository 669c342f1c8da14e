"""Services after a dry run of the staff: import its rows, or check them again."""

from django.contrib.auth.models import User

from imports_app.database import atomic
from imports_app.models import Import
from imports_app.models.status import Status
from imports_app.permissions import check_import
from imports_app.services.approval import Approval
from imports_app.services.in_process import eagerly
from imports_app.services.lifecycle import check_final, check_kept, queue_import, settings_of
from imports_app.storage import chunks, csv_texts
from imports_app.storage.lines import lines_of

# Whoever looked at a dry run has seen which rows fail: the others are imported, however few.
OF_ITS_IMPORT = {"dry_run": False, "skip_errors": True}
OF_A_CHECK = ("dry_run", "cleanup_records", "cleanup_limit", "retry_of", "is_check")


@eagerly
def import_checked(
    *,
    check: Import,
    created_by: User,
    compare: bool = True,
    approval: Approval | None = None,
) -> Import:
    """Create the import of a dry run's rows, exactly as they were checked.

    It destroys at most as many records as the dry run announced, or none. If the dry run kept its
    results, the import begins only if the same would still happen, unless `compare` is false.
    Asked again, this gives the import that it made before; but for one that is outdated, if the
    next one shall not compare. Raises NotAdmitted, ImportUnfinished, InputsPruned, NotPermitted,
    ApprovalNeeded without that, and Import.DoesNotExist if the dry run is gone by now.
    """
    with atomic():
        dry = _held(check)
        made = made_of(dry)
        if made and (compare or not is_outdated(made)):
            return made
        _check(dry)
        import_ = Import(
            created_by=created_by,
            check_of=dry,
            compares=compare and _can_be_compared(dry),
            inputs_size=dry.inputs_size,
            **settings_of(dry) | OF_ITS_IMPORT,
            cleanup_records=dry.cleanup_records,
            cleanup_limit=dry.destroyed_count if dry.cleanup_records else None,
        )
        _queue_copy(import_, dry, approval)
    return import_


@eagerly
def check_again(*, check: Import, created_by: User) -> Import:
    """Create a dry run with the rows and options of one that is over.

    Raises as `import_checked` does.
    """
    with atomic():
        dry = _held(check)
        _check(dry)
        own = {name: getattr(dry, name) for name in OF_A_CHECK}
        import_ = Import(
            created_by=created_by, inputs_size=dry.inputs_size, **settings_of(dry) | own
        )
        _queue_copy(import_, dry)
    return import_


def made_of(check: Import) -> Import | None:
    """Return the import that was last created from a dry run."""
    return Import.objects.filter(check_of=check).first()


def is_outdated(import_: Import) -> bool:
    """Return whether the import ended before its first row, where it was to do what its check
    found; whoever stopped it knows why, so that one doesn't count.
    """
    ended = import_.status == Status.INTERRUPTED and bool(import_.interruption)
    return import_.compares and ended and not import_.rows_done


def _held(check: Import) -> Import:
    return Import.objects.select_for_update().get(pk=check.pk, dry_run=True)


def _check(dry: Import) -> None:
    """Raise why nothing can be made of its rows."""
    check_final(dry, dry.parent_resource_id)
    check_kept(dry)


def _can_be_compared(dry: Import) -> bool:
    """Return whether it is kept what the dry run found; of all or nothing that may be nothing."""
    touched = dry.created_count + dry.updated_count + dry.destroyed_count
    is_kept = not touched or dry.kept_changes.exists()
    return dry.keep_changes and is_kept and not (dry.all_or_nothing and dry.errors_count)


def _queue_copy(import_: Import, dry: Import, approval: Approval | None = None) -> None:
    """Queue the import with the dry run's rows, as they were sent."""
    check_import(import_)
    queue_import(import_, chunks.rows_of(dry.pk), lines_of(dry.pk), None, approval)
    csv_texts.store(import_, csv_texts.pieces_of(dry.pk))
