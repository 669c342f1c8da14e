from collections.abc import Sequence

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from imports_app.admin.failures import MAX_GROUPS, Group, groups, page_of
from imports_app.commerce.importers.customers import CustomerImporter
from imports_app.importer import RowError
from imports_app.models import Import, ImportChunk
from imports_app.storage.lines import pack
from imports_app.storage.log import Failure, write
from tests.factories.imports import ImportFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]

WEIGHT = RowError("weight", "type", "is <not> a number")
PARENT = RowError("shipping_category", "not_found", "must exist")


def failed(rows: Sequence[Sequence[RowError]], **attributes: object) -> Import:
    """An import whose rows have these errors; the last row has none."""
    import_: Import = ImportFactory.create(
        completed=True,
        rows=[{"code": f"SKU-{number}"} for number in range(len(rows) + 1)],
        processed_count=1,
        created_count=1,
        errors_count=len(rows),
        **attributes,
    )
    write(import_.pk, [Failure(i, f"SKU-{i}", [*errors]) for i, errors in enumerate(rows)], [])
    return import_


def shown(client: Client, import_: Import, **query: str | int) -> str:
    address = reverse("admin:imports_app_import_change", args=[import_.pk])
    return client.get(address, query).content.decode()


@pytest.mark.backend
def test_equal_errors_are_counted_together_and_the_most_frequent_comes_first() -> None:
    import_ = failed([[WEIGHT], [PARENT], [PARENT, WEIGHT], [PARENT]])
    failed([[WEIGHT]])  # of another import

    assert groups(import_) == [
        Group("shipping_category", "must exist", 3, 1),
        Group("weight", "is <not> a number", 2, 0),
    ]


@pytest.mark.backend
def test_hostile_names_and_messages_can_be_counted() -> None:
    names = ("a\0b", "\\u0000", '"', "é" * 500)
    import_ = failed([[RowError(name, "unknown", "is unknown\0" * 100)] for name in names])

    assert len(groups(import_)) == len(names)


@pytest.mark.backend
def test_the_number_of_groups_is_limited() -> None:
    import_ = failed([[RowError(f"a{n}", "unknown", "is unknown")] for n in range(MAX_GROUPS + 5)])

    assert len(groups(import_)) == MAX_GROUPS


@pytest.mark.backend
def test_groups_take_one_statement() -> None:
    import_ = failed([[WEIGHT], [PARENT]])

    with CaptureQueriesContext(connection) as queries:
        groups(import_)

    assert len(queries) == 1


def test_the_page_tells_what_is_wrong_with_how_many_rows(admin_client: Client) -> None:
    page = shown(admin_client, failed([[WEIGHT], [PARENT], [PARENT]]))

    assert "2 rows" in page
    assert "<strong>shipping_category</strong> must exist" in page
    assert "is &lt;not&gt; a number" in page
    assert 'href="?tab=failed&amp;row=1#failed-rows"' in page


@pytest.mark.backend
def test_failed_rows_come_in_pages_with_their_input(admin_client: Client) -> None:
    import_ = failed([[WEIGHT]] * 60)

    first, last = shown(admin_client, import_), shown(admin_client, import_, page=3)

    assert "Row 0 · SKU-0" in first
    assert "&quot;SKU-24&quot;" in first
    assert "Row 25" not in first
    assert "Row 50 · SKU-50" in last
    assert "51 to 60 of 60" in last


def test_rows_of_a_file_are_named_by_their_line(admin_client: Client) -> None:
    import_ = failed([[WEIGHT], [PARENT]], file={"name": "mugs.csv"})
    import_.chunks.update(lines=pack([2, 3, 4]))

    page = shown(admin_client, import_)

    assert "Line 2 · SKU-0" in page
    assert "Line 3 · SKU-1" in page
    assert 'row=1#failed-rows">first at line 3<' in page
    assert "Row 0" not in page


@pytest.mark.parametrize(("row", "number"), [("0", 1), ("24", 1), ("25", 2), ("59", 3)])
@pytest.mark.backend
def test_the_page_of_a_row_is_found(row: str, number: int) -> None:
    assert page_of(failed([[WEIGHT]] * 60), {"row": row}).number == number


@pytest.mark.parametrize("text", ["", "-1", "nonsense", "٣", "9" * 30, "\0", "2147483647"])
@pytest.mark.parametrize("name", ["row", "page"])
@pytest.mark.backend
def test_any_page_number_is_answered(admin_client: Client, name: str, text: str) -> None:
    assert "Failed rows" in shown(admin_client, failed([[WEIGHT]] * 30), **{name: text})


@pytest.mark.backend
def test_a_page_takes_as_many_queries_for_many_failures_as_for_one(admin_client: Client) -> None:
    one, many = failed([[WEIGHT]]), failed([[WEIGHT, PARENT]] * 40)
    shown(admin_client, one)  # content types are cached by now
    with CaptureQueriesContext(connection) as few:
        shown(admin_client, one)

    with CaptureQueriesContext(connection) as most:
        shown(admin_client, many)

    assert len(most) == len(few)


def test_secrets_of_failed_rows_are_hidden(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CustomerImporter, "secret", frozenset({"code"}))
    page = shown(admin_client, failed([[WEIGHT]], resource_type="customers"))

    assert "Row 0" in page
    assert "&quot;SKU-0&quot;" not in page


def test_the_input_of_a_type_that_is_gone_is_not_shown(admin_client: Client) -> None:
    page = shown(admin_client, failed([[WEIGHT]], resource_type="gone"))

    assert "The input is not kept, or must not be shown." in page
    assert "&quot;SKU-0&quot;" not in page


def test_pruned_rows_still_have_their_errors(admin_client: Client) -> None:
    import_ = failed([[WEIGHT]])
    ImportChunk.objects.filter(bulk_import=import_).delete()

    page = shown(admin_client, import_)

    assert "is &lt;not&gt; a number" in page
    assert "The input is not kept, or must not be shown." in page
