import uuid
from typing import Any

import pytest
from django.db.models import BigAutoField, CharField, Field, UUIDField

from imports_app.ids import parse_id, uuid7

UUID_TEXT = "01890a5d-ac96-774b-bcce-b302099a8057"


def test_a_uuid_of_version_7_says_so_and_carries_the_time() -> None:
    made = uuid7()

    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 <= uuid7().int >> 80


def test_uuids_are_all_different() -> None:
    assert len({uuid7() for _ in range(10_000)}) == 10_000


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (BigAutoField(), "7", 7),
        (BigAutoField(), str(2**63 - 1), 2**63 - 1),
        (UUIDField(), UUID_TEXT, uuid.UUID(UUID_TEXT)),
        (CharField(), "abc", "abc"),
    ],
)
def test_the_form_that_is_given_out_is_read(
    field: "Field[Any, Any]", text: str, value: Any
) -> None:
    assert parse_id(field, text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 7",
        "7 ",
        "007",
        "+7",
        "1_000",
        "7.0",
        "x",
        "\u0667",
        "7\0",
        str(2**63),
        "9" * 5000,
    ],
)
def test_any_other_form_of_a_number_is_no_id(text: str) -> None:
    assert parse_id(BigAutoField(), text) is None


@pytest.mark.parametrize(
    "text", ["", UUID_TEXT.upper(), UUID_TEXT.replace("-", ""), f"{{{UUID_TEXT}}}", "7", "\0"]
)
def test_any_other_form_of_a_uuid_is_no_id(text: str) -> None:
    assert parse_id(UUIDField(), text) is None


def test_text_with_a_nul_is_no_id() -> None:
    assert parse_id(CharField(), "a\0") is None
