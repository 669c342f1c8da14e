import uuid
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from django.db.models import BigAutoField, CharField, Field, UUIDField

from imports_app.models.ids import ascend, new_ids, parse_id, uuid7, uuid7s

pytestmark = pytest.mark.backend

UUID_TEXT = "01890a5d-ac96-774b-bcce-b302099a8057"


def test_a_uuid_of_version_7_says_so_and_carries_the_time() -> None:
    made = uuid7()

    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 <= uuid7().int >> 80


def test_uuids_made_at_once_ascend_and_carry_the_moment_they_were_made_for() -> None:
    moment = 1_767_225_600_123_456

    made = uuid7s(1_000, moment)

    assert made == sorted(set(made))
    assert {(each.version, each.variant) for each in made} == {(7, uuid.RFC_4122)}
    assert {each.int >> 80 for each in made} == {moment // 1_000}
    assert uuid7s(1, moment - 1)[0] < made[0] <= made[-1] < uuid7s(1, moment + 1)[0]


def test_of_uuids_made_at_once_one_does_not_tell_the_next() -> None:
    low = [each.int & (2**62 - 1) for each in uuid7s(1_000, 0)]

    assert len({after - before for before, after in pairwise(low)}) == 999


def test_ids_follow_the_fields_default() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    numbers = iter(range(5, 9))

    ids = new_ids(UUIDField(default=uuid7), 3, now)

    assert [each.int >> 80 for each in ids] == [1_767_225_600_000] * 3
    assert new_ids(CharField(default=lambda: f"x{next(numbers)}"), 2, now) == ["x5", "x6"]


@pytest.mark.parametrize("field", [BigAutoField(), UUIDField(default=uuid7)])
def test_sequences_and_time_based_uuids_ascend(field: "Field[Any, Any]") -> None:
    assert ascend(field)


@pytest.mark.parametrize("field", [UUIDField(default=uuid.uuid4), CharField()])
def test_random_uuids_and_texts_do_not_ascend(field: "Field[Any, Any]") -> None:
    assert not ascend(field)


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
