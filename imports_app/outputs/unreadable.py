"""Changes that an import kept, and that can't be read any more."""

from django.db import DataError

from imports_app.exceptions import SealBroken

# What reading them raises: sealed with another key, a model that is gone, and other columns, which
# PostgreSQL refuses where it makes records of texts, and Python where it makes them of lists.
UNREADABLE = (SealBroken, LookupError, DataError, ValueError)
MODEL_GONE = "The changes can't be read: their resource type no longer exists."
OTHER_COLUMNS = "The changes can't be read: the columns of the table have changed."


def why_unreadable(error: Exception) -> str:
    """Return what to say of one of the errors of UNREADABLE."""
    if isinstance(error, SealBroken):
        return str(error)
    return MODEL_GONE if isinstance(error, LookupError) else OTHER_COLUMNS
