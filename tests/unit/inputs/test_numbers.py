"""Which numbers of a JSON text not every reader can read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from imports_app.inputs.numbers import number_fault, readable

LONG = "has a number of more than 300 digits"
RANGE = "has a number that is out of range"


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("9" * 300, None),
        ("9" * 301, LONG),
        ("-" + "9" * 301, LONG),
        ("9" * 5_000, LONG),
        ("0." + "1" * 300, None),
        ("0." + "1" * 301, LONG),
        ("1e999", RANGE),
        ("-1E+0999", RANGE),
        ("1.5e1000000000", RANGE),
        ("1e-999", RANGE),
        ("1" * 250 + "e99", RANGE),
        ("1e309", RANGE),
        ("1.8e308", RANGE),
        ("1.7976931348623157e308", None),
        ("-2.2250738585072014E-308", None),
        ("5e-324", None),
        ("123456.789e-12", None),
        ("0e999", None),
        ("0.5e308", RANGE),
        ("-0.00e-999", None),
        ("0e+000999", None),
        ("0e-1000", RANGE),
        ("-0.0E99999999999999999999", RANGE),
        ("1e0", None),
        ("1.5E+000", None),
        ("123456789e-00", None),
        ("12345678e299", None),
        ("123456789e100", RANGE),
        ("9e307", None),
        ("10e300", RANGE),
        ("5e-325", RANGE),
    ],
)
def test_numbers_of_too_many_digits_or_beyond_floats_are_found(
    number: str, fault: str | None
) -> None:
    for text in ("[{}]", '[{{"a":{}}}]', '[{{"b":["x", {} ]}}]', '[1e5,"3e456",{}]', "[1e300,{}]"):
        assert number_fault(text.format(number).encode()) == fault


@pytest.mark.parametrize(
    "text", ["9" * 5_000, ", 1e999", '\\", 1e999,', "\\\\", "550e8400-1e456-3e999", "[1e999"]
)
def test_in_a_string_they_are_text(text: str) -> None:
    assert number_fault(f'[{{"a":"{text}","{text}":1}}]'.encode()) is None


@given(st.floats(-1.79e308, 1.79e308), st.integers(-(10**299), 10**299))
def test_whatever_python_writes_can_be_read(number: float, integer: int) -> None:
    assert number_fault(json.dumps([number, integer, {"a": [number]}]).encode()) is None


@given(st.from_regex(r"-?(0|[1-9][0-9]{0,12})(\.[0-9]{1,12})?[eE][+-]?[0-9]{1,4}", fullmatch=True))
def test_an_accepted_number_is_finite_to_every_parser(text: str) -> None:
    if number_fault(f"[{text}]".encode()) is None:
        assert abs(float(text)) <= 1.7976931348623157e308


def test_the_number_of_digits_is_a_setting(settings: Settings) -> None:
    settings.IMPORTS_MAX_DIGITS = 5

    assert number_fault(b"[12345]") is None
    assert number_fault(b"[123456]") == "has a number of more than 5 digits"


def test_long_numbers_are_given_out_as_text_and_nothing_else_is_touched() -> None:
    digits = b"9" * 301
    text = b'{"a": -%s, "%s": ["%s", 1.5e3, "\\"%s"]}' % ((digits,) * 4)

    assert readable(text) == b'{"a": "-%s", "%s": ["%s", 1.5e3, "\\"%s"]}' % ((digits,) * 4)
    assert readable(b'{"a":1}') == b'{"a":1}'
