import pytest

from imports_app.commerce.models import Customer
from imports_app.registry import importers
from tests.running import row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)

CUSTOMERS = importers.get("customers")


def test_an_email_in_other_letters_names_the_same_customer() -> None:
    run_import(CUSTOMERS, [{"email": "Ada@Example.com"}])

    import_ = run_import(CUSTOMERS, [{"email": "ada@EXAMPLE.com"}])

    assert import_.unchanged_count == 1
    assert Customer.objects.get().email == "ada@example.com"


def test_a_failed_row_in_other_letters_keeps_its_customer_from_cleanup() -> None:
    run_import(CUSTOMERS, [{"email": "ada@example.com"}, {"email": "grace@example.com"}])

    import_ = run_import(
        CUSTOMERS,
        [{"email": "Ada@Example.com", "metadata": 1}],
        skip_errors=True,
        cleanup_records=True,
    )

    assert (import_.errors_count, import_.destroyed_count) == (1, 1)
    assert Customer.objects.get().email == "ada@example.com"


def test_references_are_made_once_for_customers_that_come_without() -> None:
    rows = [{"email": "ada@example.com"}, {"email": "grace@example.com"}]
    run_import(CUSTOMERS, rows)
    made = set(Customer.objects.values_list("shopper_reference", "profile_id"))

    import_ = run_import(CUSTOMERS, rows)

    assert import_.unchanged_count == 2
    assert len({reference for pair in made for reference in pair}) == 4
    assert set(Customer.objects.values_list("shopper_reference", "profile_id")) == made


def test_a_reference_of_another_customer_is_refused_and_the_other_rows_are_not() -> None:
    run_import(CUSTOMERS, [{"email": "ada@example.com", "shopper_reference": "S1"}])

    import_ = run_import(
        CUSTOMERS,
        [{"email": "grace@example.com", "shopper_reference": "S1"}, {"email": "mary@example.com"}],
        skip_errors=True,
    )

    ((error,),) = row_errors(import_).values()
    assert (error.attribute, error.message) == ("shopper_reference", "has already been taken")
    assert import_.created_count == 1


@pytest.mark.parametrize("attribute", ["shopper_reference", "profile_id"])
def test_a_unique_name_of_a_customer_moves_when_its_owner_gives_it_up(attribute: str) -> None:
    run_import(CUSTOMERS, [{"email": "ada@example.com", attribute: "S1"}])

    import_ = run_import(
        CUSTOMERS,
        [
            {"email": "ada@example.com", attribute: "S2"},
            {"email": "grace@example.com", attribute: "S1"},
        ],
    )

    assert (row_errors(import_), import_.created_count) == ({}, 1)
    values = Customer.objects.order_by("email").values_list(attribute, flat=True)
    assert list(values) == ["S2", "S1"]


def test_a_password_is_kept_hashed_and_the_same_again_changes_nothing() -> None:
    row = {"email": "ada@example.com", "password": "correct horse"}
    run_import(CUSTOMERS, [row])
    hashed = Customer.objects.get().password

    same = run_import(CUSTOMERS, [row])
    absent = run_import(CUSTOMERS, [{"email": "ada@example.com"}])

    assert (same.unchanged_count, absent.unchanged_count) == (1, 1)
    assert hashed is not None
    assert hashed.startswith("pbkdf2_sha256$")
    assert Customer.objects.get().password == hashed
    changed = run_import(CUSTOMERS, [row | {"password": "battery staple"}])
    assert changed.updated_count == 1
    assert Customer.objects.get().password != hashed
    run_import(CUSTOMERS, [row | {"password": None}])
    assert Customer.objects.get().password is None


def test_a_customer_has_tags() -> None:
    row = {"email": "ada@example.com", "tags": ["trade", {"name": "gift"}]}
    run_import(CUSTOMERS, [row])

    import_ = run_import(CUSTOMERS, [{"email": "ada@example.com", "_remove_tags": "gift"}])

    assert import_.updated_count == 1
    assert [tag.name for tag in Customer.objects.get().tags.all()] == ["trade"]
