import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from imports_app.inputs.json_text import has_lone_surrogate, nests_deeper

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='ab[]{}"\\,\n'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('a]}"'), inner, max_size=3),
    max_leaves=20,
)


def depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0


@settings(max_examples=300)
@given(JSON, st.integers(0, 6))
@example({"[": ["\\", '"', "]["]}, 2)
@example("[", 0)
def test_depth_is_that_of_the_decoded_value(value: object, limit: int) -> None:
    assert nests_deeper(json.dumps(value).encode(), limit) is (depth(value) > limit)


def test_brackets_in_strings_do_not_nest() -> None:
    assert not nests_deeper(rb'["[[[[", "\"[[[[", "{\\"]', 1)


@pytest.mark.parametrize("text", [rb'["\\","[[","\\\"]"]', rb'{"[":"]","{{":"\""}'])
def test_quotes_and_backslashes_in_strings_end_none(text: bytes) -> None:
    assert not nests_deeper(text, 1)
    assert nests_deeper(text, 0)


def test_siblings_do_not_nest() -> None:
    assert not nests_deeper(b"[" + b",".join([b"[]"] * 50) + b"]", 2)


@pytest.mark.parametrize("text", [rb'"\ud800"', rb'"\udc00"', rb'"\ud800\u0041"', rb'"\\\uDfFf"'])
def test_half_a_pair_is_a_lone_surrogate(text: bytes) -> None:
    assert has_lone_surrogate(text)


@pytest.mark.parametrize("text", [rb'"\ud83d\ude00"', rb'"\\ud800"', rb'"\u00e9"', b'"ud800"'])
def test_whole_pairs_and_escaped_backslashes_are_none(text: bytes) -> None:
    assert not has_lone_surrogate(text)
