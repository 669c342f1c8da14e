"""Decide which imports need the approval of a second person."""

from dataclasses import dataclass
from typing import Any

from imports_app.conf import conf
from imports_app.exceptions import ApprovalNeeded
from imports_app.models import Import, Mode
from imports_app.storage.changes import destroys


@dataclass(frozen=True)
class Approval:
    """Permission for an import that is above the limits.

    Attributes:
        by: the second person; None for a program that may exceed them.
    """

    by: Any = None


def approval_needed(mode: str, rows: int, *, destroys: bool) -> ApprovalNeeded | None:
    """Return why such an import, which is no dry run, needs approval; None if it needs none."""
    limit = conf.approval_rows
    if not conf.approval or mode != Mode.LIVE or (rows <= limit and not destroys):
        return None
    live = "of live data " if conf.modes else ""
    return ApprovalNeeded(rows=rows, limit=limit, destroys=destroys, live=live)


def check_approval(import_: Import, approval: Approval | None) -> None:
    """Note who approved the import that is to be made. Raises ApprovalNeeded if nobody did."""
    if approval is not None:
        import_.approved_by = approval.by
    elif not import_.dry_run and (
        needed := approval_needed(
            import_.mode, import_.inputs_size, destroys=_would_destroy(import_)
        )
    ):
        raise needed


def _would_destroy(import_: Import) -> bool:
    if import_.is_undo:
        return import_.undo_of is not None and destroys(import_.undo_of)
    return import_.cleanup_records and import_.cleanup_limit != 0
