from datetime import UTC, datetime
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from imports_app.outputs.values import exact, shown

WHOLE = datetime(2026, 12, 31, 23, 59, 59, 999_000, UTC)
FINE = WHOLE.replace(microsecond=999_999)


@pytest.mark.parametrize(
    ("value", "in_answers", "in_files"),
    [
        (WHOLE, "2026-12-31T23:59:59.999Z", "2026-12-31T23:59:59.999Z"),
        (FINE, "2026-12-31T23:59:59.999Z", "2026-12-31T23:59:59.999999Z"),
        ([FINE], ["2026-12-31T23:59:59.999Z"], ["2026-12-31T23:59:59.999999Z"]),
        ("text", "text", "text"),
    ],
)
def test_files_have_all_digits_of_a_moment(value: Any, in_answers: Any, in_files: Any) -> None:
    assert (shown(value), exact(value)) == (in_answers, in_files)


def test_files_have_all_digits_of_the_ends_of_a_range() -> None:
    ends = exact(DateTimeTZRange(WHOLE, FINE))
    assert ends["lower"] == "2026-12-31T23:59:59.999Z"
    assert ends["upper"] == "2026-12-31T23:59:59.999999Z"
