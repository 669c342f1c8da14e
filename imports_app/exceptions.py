"""What can go wrong, one class a case; the docstring is the message."""


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


class ImportInProgress(ImportsError):
    """A worker has the import in hand."""
