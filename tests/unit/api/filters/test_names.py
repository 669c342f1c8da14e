from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports_app.api.filters.matchers import MATCHERS
from imports_app.api.filters.names import MAX_LENGTH, InvalidName, split_name

ATTRIBUTES = ("code", "code_or_name", "name", "name_eq", "null", "status")


def split(name: str, attributes: tuple[str, ...] = ATTRIBUTES) -> tuple[tuple[str, ...], str]:
    return tuple(split_name(name, attributes=attributes, matchers=MATCHERS))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("status_eq", (("status",), "eq")),
        ("status_not_eq", (("status",), "not_eq")),
        ("status_does_not_match_any", (("status",), "does_not_match_any")),
        ("status_eq_or_null", (("status",), "eq_or_null")),
        ("status_or_name_cont", (("status", "name"), "cont")),
        ("status_or_name_or_status_cont_all", (("status", "name", "status"), "cont_all")),
        ("status_or_null_null", (("status", "null"), "null")),
        ("null_or_status_eq_or_null", (("null", "status"), "eq_or_null")),
    ],
)
def test_a_name_is_attributes_and_a_matcher(
    name: str, expected: tuple[tuple[str, ...], str]
) -> None:
    assert split(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("code_or_name_eq", (("code_or_name",), "eq")),
        ("code_or_name_or_code_eq", (("code_or_name", "code"), "eq")),
        ("name_eq_eq", (("name_eq",), "eq")),
        ("name_eq_or_null", (("name",), "eq_or_null")),
        ("name_eq_or_null_null", (("name_eq", "null"), "null")),
    ],
)
def test_of_several_readings_the_longest_attribute_counts(
    name: str, expected: tuple[tuple[str, ...], str]
) -> None:
    assert split(name) == expected


@given(st.lists(st.sampled_from(ATTRIBUTES), min_size=1, max_size=8), st.sampled_from([*MATCHERS]))
def test_every_name_that_can_be_built_is_read_without_losing_a_letter(
    attributes: list[str], matcher: str
) -> None:
    name = f"{'_or_'.join(attributes)}_{matcher}"

    read_attributes, read_matcher = split(name)

    assert f"{'_or_'.join(read_attributes)}_{read_matcher}" == name


@given(st.lists(st.sampled_from(["code", "or", "status", "eq", "null", "x", ""])))
def test_any_name_is_read_or_refused(words: list[str]) -> None:
    name = "_".join(words)
    with suppress(InvalidName):
        attributes, matcher = split(name)
        assert f"{'_or_'.join(attributes)}_{matcher}" == name


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("colour_eq", "'colour_eq' does not begin with an attribute that can be filtered by"),
        ("status_or_colour_eq", "'colour_eq' does not begin with an attribute"),
        ("status_like", "'like' is not a matcher"),
        ("status_in_any", "'in_any' is not a matcher"),
        ("status", "'status' doesn't end with a matcher, such as '_eq'"),
        ("status_", "'status_' doesn't end with a matcher, such as '_eq'"),
        (
            "status_or_code",
            "'status_or_code' doesn't end with a matcher, such as '_eq'",
        ),
        ("statuseq", "'statuseq' does not begin with an attribute"),
        ("", "'' does not begin with an attribute"),
        (
            "statsu_or_code_eq",
            (
                "'statsu_or_code_eq' does not begin with an attribute that can be filtered by; "
                "the nearest is 'status'"
            ),
        ),
        (
            "name_or_cde_not_eq",
            (
                "'cde_not_eq' does not begin with an attribute that can be filtered by; "
                "the nearest is 'code'"
            ),
        ),
        ("status_not_matches", "'not_matches' is not a matcher; the nearest is 'matches'"),
    ],
)
def test_the_part_that_is_not_known_is_named(name: str, message: str) -> None:
    with pytest.raises(InvalidName) as refused:
        split(name)
    assert str(refused.value).startswith(message)


def test_a_name_that_is_too_long_is_refused() -> None:
    with pytest.raises(InvalidName, match="too long"):
        split("status_or_" * MAX_LENGTH + "status_eq")


def test_a_name_of_many_readings_is_read_in_no_time() -> None:
    """There are more readings of this than could ever be tried one after another."""
    name = "a_or_" * 190 + "a_bogus"

    with pytest.raises(InvalidName):
        split(name, attributes=("a", "a_or_a", "a_or_a_or_a"))
