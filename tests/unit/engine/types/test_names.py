import unicodedata

import pytest

from imports_app.engine.types.names import BLANKS, normal

pytestmark = pytest.mark.backend


@pytest.mark.parametrize("blank", BLANKS)
def test_blanks_around_a_name_are_none_of_it(blank: str) -> None:
    assert normal(f"{blank}a b{blank}{blank}") == "a b"
    assert len(normal(f"a{blank}b")) == 3


def test_all_that_unicode_calls_a_space_is_a_blank() -> None:
    every = map(chr, range(0x10000))
    spaces = {c for c in every if c.isspace() or unicodedata.category(c) in {"Zs", "Zl", "Zp"}}
    assert spaces <= {*BLANKS}


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("Cafe\u0301", "Caf\u00e9"),
        ("\u212bngstr\u00f6m", "\u00c5ngstr\u00f6m"),
        ("\u1112\u1161\u11ab", "\ud55c"),
        ("\ufeffa\u200bb\u200d", "a\u200bb"),
        ("\u200b \u00a0", ""),
    ],
)
def test_a_name_has_one_form(name: str, stored: str) -> None:
    assert normal(name) == stored
    assert normal(stored) == stored


def test_a_pile_of_marks_is_left_as_it_is() -> None:
    """Sorting them, as NFC asks, would take hours for a name of a mebibyte."""
    name = "a" + "\u0301\u0316" * 100_000

    assert normal(f" {name} ") == name
    assert normal("e\u0301" * 1_000) == "é" * 1_000
