"""A secret is one under whatever name it comes."""

import pytest

from imports_app.secrecy.names import SecretNames, one_edit_apart

NAMES = SecretNames(
    own=frozenset({"password", "pin"}),
    near=frozenset({"password", "pin", "payment_token"}),
    known=frozenset({"email", "password", "passwords", "pin"}),
    relations=("market_",),
)


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "Password",
        " PASS-WORD ",
        "pass_word:",
        "\u200bpassword",
        "\uff30\uff21\uff33\uff33\uff37\uff2f\uff32\uff24",  # full-width letters
        "e-mail;password",
        "e-mail,Password",
        "password\tname",
        "name|password",
        "pin",
        "e-mail;PIN",
        "customer.password",
        "payment token",
        "pasword",
        "passwword",
        "possword",
        "passwrod",
        "e-mail;pasword",
        "payment_tokem",
    ],
)
def test_a_spelling_of_a_secret_name_is_covered(name: str) -> None:
    assert NAMES.cover(name)


@pytest.mark.parametrize(
    "name", ["email", "passwords", "pins", "pn", "", ";", "pass", "passwordss", "market_password"]
)
def test_another_name_is_not_covered(name: str) -> None:
    assert not NAMES.cover(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [("abc", "abcd"), ("abc", "xabc"), ("abc", "ac"), ("abc", "axc"), ("abc", "acb"), ("a", "")],
)
def test_one_edit_makes_names_similar(one: str, other: str) -> None:
    assert one_edit_apart(one, other)
    assert one_edit_apart(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("abc", "abc"), ("abc", "abcde"), ("abc", "cba"), ("abcd", "badc")]
)
def test_no_edit_and_two_edits_do_not(one: str, other: str) -> None:
    assert not one_edit_apart(one, other)
    assert not one_edit_apart(other, one)
