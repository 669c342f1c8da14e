from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports_app.models.lookups import contains

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
DOCUMENTS = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


@st.composite
def parts(draw: st.DrawFn, document: Any) -> Any:
    """The document with members and elements left out, at any depth."""
    if isinstance(document, dict):
        kept = [name for name in document if draw(st.booleans())]
        return {name: draw(parts(document[name])) for name in kept}
    if isinstance(document, list):
        kept = [element for element in document if draw(st.booleans())]
        return draw(st.permutations([draw(parts(element)) for element in kept]))
    return document


@given(st.data())
def test_a_document_contains_whatever_is_left_of_it(data: st.DataObject) -> None:
    document = data.draw(DOCUMENTS)

    assert contains(document, data.draw(parts(document)))


@pytest.mark.parametrize(
    ("document", "part"),
    [
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"b": 1}),
        ({"a": 1}, {"a": True}),
        ({"a": False}, {"a": 0}),
        ({"a": None}, {"b": None}),
        ({"a": {"b": 1}}, {"b": 1}),
        ({"a": [1]}, {"a": 1}),
        ({"a": []}, {"a": {}}),
        ([1, [2]], [2]),
        ([1], {}),
        ("a", []),
    ],
)
def test_a_document_does_not_contain_what_is_not_there(document: Any, part: Any) -> None:
    assert not contains(document, part)
