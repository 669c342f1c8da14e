"""What two runs of the torture are compared by."""

from tests.torture.outcome import regardless_of_ids

LEFT = "was left as it is: what customer referred to is gone"


def test_records_named_by_numbers_of_the_database_are_the_same_in_every_run() -> None:
    assert regardless_of_ids({"893": [LEFT]}) == regardless_of_ids({"1448": [LEFT]})


def test_records_named_by_uuids_are_the_same_in_every_run() -> None:
    one, other = (f"01a21f00-632a-7374-9536-7debd664{n}" for n in (1111, 2222))

    assert regardless_of_ids({one: [LEFT]}) == regardless_of_ids({other: [LEFT]})


def test_records_with_a_key_are_told_apart() -> None:
    assert regardless_of_ids({"SKU-1": [LEFT]}) != regardless_of_ids({"SKU-2": [LEFT]})
