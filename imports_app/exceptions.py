"""The errors that callers tell apart; each docstring is the message."""

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import PermissionDenied


class ImportsError(Exception):
    """An error of the imports app."""

    def __str__(self) -> str:
        return " ".join(str(arg) for arg in self.args) or (self.__doc__ or "")


class AlreadyRegistered(ImportsError):
    """Another importer has this resource type or model already."""


class NotRegistered(ImportsError):
    """No importer is registered for this resource type."""


class LeaseLost(ImportsError):
    """Another worker owns the import now; whatever this one had in hand is rolled back."""


class CannotContinue(ImportsError):
    """The import can't go on, and never will; the message goes to its log."""


class SealBroken(CannotContinue):
    """What is secret in its rows can't be read: it was sealed with another secret key."""


class HeldElsewhere(ImportsError):
    """Another process works on the import, or on one that comes first; this one can't wait for it
    inside of a transaction."""


class ImportUnfinished(ImportsError):
    """The import is not finished yet."""


class NothingToRetry(ImportsError):
    """No row of the import failed or was left out."""


class RetriedAlready(ImportsError):
    """The import has a retry already.

    Attributes:
        retry_id: the id of that one.
    """

    def __init__(self, retry_id: UUID) -> None:
        super().__init__()
        self.retry_id = retry_id


class NothingToUndo(ImportsError):
    """The import changed nothing that could be undone."""


class ChangesNotKept(ImportsError):
    """What the import changed was not kept, or is not kept any more."""


class UndoneAlready(ImportsError):
    """The import has an undo already.

    Attributes:
        undo_id: the id of that one.
    """

    def __init__(self, undo_id: UUID) -> None:
        super().__init__()
        self.undo_id = undo_id


class VersionChanged(ImportsError):
    """What is to be changed is of another version than the one that was expected.

    Attributes:
        version: the one that it is of.
    """

    def __init__(self, version: int) -> None:
        super().__init__()
        self.version = version


class InputsPruned(ImportsError):
    """The rows of this import are not available any more."""


class DraftsFull(ImportsError):
    """Your drafts hold as much as they may: finish or delete some of them first."""


class TooManyColumns(ImportsError):
    """The failed rows have too many columns for a CSV file, that of their errors included."""


class BeyondSheets(ImportsError):
    """A spreadsheet has no room for so many rows, or for such a cell."""


class KeyTaken(ImportsError):
    """An import was made under this idempotency key already."""


class LockTimeout(ImportsError):
    """Another transaction did not end in time."""


class ImportInProgress(ImportsError):
    """A worker has the import in hand."""


class DecidedAlready(ImportsError):
    """Somebody has decided on it already, or it was withdrawn."""


class ApprovalNeeded(ImportsError, PermissionDenied):
    """The import needs the approval of a second person. A 403, as for NotPermitted.

    Attributes:
        meta: how many `rows` it has, the `limit` of those that need none, and whether it
            `destroys` records, which needs approval however few rows it has.
    """

    def __init__(self, *, rows: int, limit: int, destroys: bool, live: str) -> None:
        row = "row" if limit == 1 else "rows"
        which = "that destroy records" if destroys else f"of more than {limit:,} {row}"
        has = "" if destroys else f"; this one has {rows:,}"
        super().__init__(f"Imports {live}{which} need the approval of a second person{has}.")
        self.meta = {"rows": rows, "limit": limit, "destroys": destroys}


class NotPermitted(ImportsError, PermissionDenied):
    """The user lacks permissions of Django's. Django and its REST framework answer with a 403.

    Attributes:
        permissions: their names, such as `shop.add_product`.
    """

    def __init__(self, permissions: Sequence[str], remedy: str = "") -> None:
        named = ", ".join(permissions)
        many = "s" if len(permissions) > 1 else ""
        message = f"This needs the permission{many} {named}, which you do not have."
        super().__init__(f"{message} {remedy}".rstrip())
        self.permissions = permissions
        self.meta = {"permissions": list(permissions)}


class AskerNotPermitted(ImportsError):
    """Whoever asked for the import may not make it any more."""

    def __init__(self, asker: object, permissions: Sequence[str]) -> None:
        lacks = f"lacks {', '.join(permissions)}" if permissions else "is no longer active"
        super().__init__(f"{asker}, who asked for it, {lacks}.")


class OwnProposal(ImportsError, PermissionDenied):
    """You asked for it yourself: it takes a second person."""
