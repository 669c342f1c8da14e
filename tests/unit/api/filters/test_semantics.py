"""No matcher without a meaning that the databases are held against."""

from imports_app.api.filters.matchers import COMPARISONS
from tests.integration.api.filters.semantics import EQUALITY, LIKE, LISTS, ORDER, TEXT


def test_every_comparison_has_a_meaning_in_python() -> None:
    # What JSON contains has tests of its own: test_lookups.py.
    assert COMPARISONS.keys() - {"jcont"} == {*EQUALITY, *ORDER, *LISTS, *TEXT, *LIKE}
