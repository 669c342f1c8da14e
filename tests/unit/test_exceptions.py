from uuid import uuid4

import pytest

from imports_app.exceptions import (
    HeldElsewhere,
    ImportsError,
    ImportUnfinished,
    RetriedAlready,
    VersionChanged,
)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ImportUnfinished(), "The import is not finished yet."),
        (RetriedAlready(uuid4()), "The import has a retry already."),
        (ImportsError("Told", "twice."), "Told twice."),
    ],
)
def test_the_message_is_what_was_given_or_the_summary_of_the_docstring(
    error: ImportsError, message: str
) -> None:
    assert str(error) == message


@pytest.mark.parametrize("error", [HeldElsewhere(), VersionChanged(2)])
def test_a_message_is_one_line(error: ImportsError) -> None:
    assert "\n" not in str(error)
    assert str(error).endswith(".")
