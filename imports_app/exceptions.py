"""The errors that callers tell apart; a docstring's first paragraph is the message."""

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import PermissionDenied


class ImportsError(Exception):
    """An error of the imports app."""

    def __str__(self) -> str:
        return " ".join(str(arg) for arg in self.args) or self._summary()

    def _summary(self) -> str:
        """Return the first paragraph of the class's docstring, as one line."""
        return " ".join((self.__doc__ or "").partition("\n\n")[0].split())


class AlreadyRegistered(ImportsError):
    """Another importer has this resource type or model already."""


class NotRegistered(ImportsError):
    """No importer is registered for this resource type."""


class LeaseLost(ImportsError):
    """Another worker owns the import now; whatever this one had in hand is rolled back."""


class CannotContinue(ImportsError):
    """The import can't go on, and never will; the message goes to its log."""


class SealBroken(CannotContinue):
    """The secrets in its rows can't be read: they were sealed with another secret key."""


class HeldElsewhere(ImportsError):
    """Another process works on this import or on an earlier one, which can't be waited for inside
    of a transaction.
    """


class ImportUnfinished(ImportsError):
    """The import is not finished yet."""


class NothingToRetry(ImportsError):
    """No row of the import failed or was left out."""


class RetriedAlready(ImportsError):
    """The import has a retry already.

    Attributes:
        retry_id: the id of that retry.
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
        undo_id: the id of that undo.
    """

    def __init__(self, undo_id: UUID) -> None:
        super().__init__()
        self.undo_id = undo_id


class VersionChanged(ImportsError):
    """The resource has another version than the one that was expected.

    Attributes:
        version: the version that it has.
    """

    def __init__(self, version: int) -> None:
        super().__init__()
        self.version = version


class InputsPruned(ImportsError):
    """The rows of this import are not available any more."""


class DraftsFull(ImportsError):
    """Your drafts have reached their limit: finish or delete some of them first."""


class TooManyColumns(ImportsError):
    """The failed rows have too many columns for a CSV file, that of their errors included."""


class BeyondSheets(ImportsError):
    """A spreadsheet has no room for this many rows, or for a cell of this length."""


class KeyTaken(ImportsError):
    """An import was made under this idempotency key already."""


class LockTimeout(ImportsError):
    """Another transaction didn't end in time."""


class ImportInProgress(ImportsError):
    """A worker is working on the import."""


class DecidedAlready(ImportsError):
    """It was decided on already, or withdrawn."""


class ApprovalNeeded(ImportsError, PermissionDenied):
    """The import needs the approval of a second person. A 403, as for NotPermitted.

    Attributes:
        meta: `rows`, how many it has; `limit`, the most that need no approval; and `destroys`,
            whether it destroys records, which needs approval however few rows it has.
    """

    def __init__(self, *, rows: int, limit: int, destroys: bool, live: str) -> None:
        row = "row" if limit == 1 else "rows"
        which = "that destroy records" if destroys else f"of more than {limit:,} {row}"
        has = "" if destroys else f"; this one has {rows:,}"
        super().__init__(f"Imports {live}{which} need the approval of a second person{has}.")
        self.meta = {"rows": rows, "limit": limit, "destroys": destroys}


class NotPermitted(ImportsError, PermissionDenied):
    """The user lacks permissions. Django and Django REST framework answer with a 403.

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
    """Whoever asked for the import may no longer make it."""

    def __init__(self, asker: object, permissions: Sequence[str]) -> None:
        reason = f"lacks {', '.join(permissions)}" if permissions else "is no longer active"
        super().__init__(f"{asker}, who asked for it, {reason}.")


class OwnProposal(ImportsError, PermissionDenied):
    """You asked for it yourself: a second person has to approve it."""
