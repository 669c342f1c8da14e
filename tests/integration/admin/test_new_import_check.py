import pytest
from django.contrib.auth.models import User
from django.test import Client, override_settings

from imports_app.commerce.models import Sku
from imports_app.importer import RowError
from imports_app.models import Import, ImportChunk
from imports_app.models.status import Status
from tests.factories.commerce.catalog import PriceFactory, PriceListFactory, SkuFactory
from tests.factories.imports import ImportFactory
from tests.integration.admin.pages import NEW, only_import, send, url
from tests.running import run_to_end

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

NO_NUMBER = "is not a number: 'heavy'; write one such as 12.5"
CSV = b"""code,name,weight,colour,customer.email
A,Mug,1.5,red,a@example.com
B,,heavy,red,
C,Cup,,,
"""


def checked(client: Client, content: bytes = CSV, **fields: str) -> Import:
    send(client, content, **{"skip_errors": "on", **fields})
    return run_to_end(only_import())


def shown(client: Client, import_: Import) -> str:
    return client.get(url("check", import_)).content.decode()


def test_the_first_rows_are_shown_as_they_are_read(admin_client: Client) -> None:
    rows = admin_client.get(url("check", checked(admin_client))).context["preview"].rows

    assert [[(cell.text, cell.kind) for cell in row.cells] for row in rows] == [
        [("A", "text"), ("Mug", "text"), ("1.5", "value")],
        [("B", "text"), ("", "absent"), ("heavy", "text")],
        [("C", "text"), ("Cup", "text"), ("", "absent")],
    ]
    assert [row.errors for row in rows] == [
        [],
        [RowError("weight", "not_a_number", NO_NUMBER)],
        [],
    ]


def test_rows_of_a_file_are_named_by_their_lines(admin_client: Client) -> None:
    check = checked(admin_client, b"code,name\n\nA,Mug\nB,Cup\n\nA,Jug\n")

    preview = admin_client.get(url("check", check)).context["preview"]
    warnings, inputs = admin_client.get(url("change", check)).context["excerpts"]

    assert (preview.numbering, [row.number for row in preview.rows]) == ("Line", [3, 4, 6])
    assert (inputs["headers"][0], [row[0] for row in inputs["rows"]]) == ("Line", ["3", "4", "6"])
    assert (warnings["headers"][0], warnings["rows"][0][:2]) == ("Line", ["6", "A"])


def test_rows_whose_lines_nobody_counted_are_named_by_their_indexes(admin_client: Client) -> None:
    check = checked(admin_client, b"code,name\nA,Mug\n")
    ImportChunk.objects.update(lines=None)

    preview = admin_client.get(url("check", check)).context["preview"]
    (inputs,) = admin_client.get(url("change", check)).context["excerpts"]

    assert (preview.numbering, [row.number for row in preview.rows]) == ("Row", [0])
    assert (inputs["headers"][0], inputs["rows"][0][0]) == ("Index", "0")


def test_secrets_are_not_shown(admin_client: Client) -> None:
    content = b"email,password\na@example.com,hunter2 hunter2\n"

    check = checked(admin_client, content, resource_type="customers")

    page = shown(admin_client, check)
    assert "a@example.com" in page
    assert "hunter2" not in page


def test_hostile_names_and_values_are_text_and_short(admin_client: Client) -> None:
    names = [f"n{number}" for number in range(900)] + ["<script>", "name", "code"]
    content = ",".join(names) + "\n" + ",".join(["<b>"] * 901 + ["x" * 5_000, "C"]) + "\n"

    page = shown(admin_client, checked(admin_client, content.encode()))

    assert "<script></code>" not in page
    assert "<b>" not in page
    assert "x" * 1_001 not in page


@pytest.mark.backend
def test_the_plan_and_what_is_wrong_are_shown(admin_client: Client) -> None:
    page = shown(admin_client, checked(admin_client))

    assert "1 of 3 rows would fail." in page
    assert "Import 2 rows" in page
    assert "is not a number" in page
    assert not Sku.objects.exists()


def test_a_pending_dry_run_is_watched_and_can_not_be_imported(admin_client: Client) -> None:
    send(admin_client)
    check = only_import()

    page = shown(admin_client, check)
    refused = admin_client.post(url("check", check), follow=True).content.decode()

    assert "data-live-active" in page
    assert "<button" not in page[page.index('id="live-plan"') : page.index('id="live-failures"')]
    assert "The import is not finished yet." in refused
    assert Import.objects.count() == 1


def test_the_live_part_is_the_same_without_the_frame(admin_client: Client) -> None:
    check = checked(admin_client)

    part = admin_client.get(url("check_live", check)).content.decode()

    assert "Import 2 rows" in part
    assert "<html" not in part
    assert "data-live-active" not in part


@pytest.mark.backend
def test_the_rows_are_imported_once(admin_client: Client, admin_user: User) -> None:
    check = checked(admin_client)

    admin_client.post(url("check", check))
    again = admin_client.post(url("check", check), follow=True).content.decode()

    import_ = run_to_end(Import.objects.get(check_of=check))
    assert (import_.created_count, import_.errors_count) == (2, 1)
    assert (import_.created_by, import_.dry_run) == (admin_user, False)
    assert "It was imported before." in again
    page = shown(admin_client, check)
    assert url("change", import_) in page
    assert "Import 2 rows" not in page


@pytest.mark.backend
def test_a_dry_run_goes_to_the_end_and_so_does_the_import_after_it(admin_client: Client) -> None:
    content = b"code,name\nA,\nB,Mug\nC,\n"
    check = checked(admin_client, content, skip_errors="")

    page = shown(admin_client, check)
    admin_client.post(url("check", check))

    assert "2 of 3 rows would fail." in page
    assert "Import 1 row" in page
    import_ = run_to_end(Import.objects.get(check_of=check))
    assert (import_.status, import_.created_count) == (Status.COMPLETED, 1)


@pytest.mark.backend
def test_the_records_that_would_be_destroyed_are_named(admin_client: Client) -> None:
    for code in ("OLD", "OLDER"):
        SkuFactory.create(code=code)

    check = checked(admin_client, b"code,name\nA,Mug\n", cleanup_records="on")

    page = shown(admin_client, check)
    assert "2 records would be destroyed." in page
    assert "Import 1 row and destroy 2 records" in page
    assert check.doomed_keys == ["OLD", "OLDER"]
    assert "<code>OLDER</code>" in page


@pytest.mark.backend
def test_only_the_first_of_many_are_named_and_none_that_stays(admin_client: Client) -> None:
    SkuFactory.create_batch(102)
    kept = PriceFactory.create().sku  # refers to it
    with override_settings(IMPORTS_CLEANUP_ROWS=30):
        check = checked(admin_client, b"code,name\nA,Mug\n", cleanup_records="on")

    assert check.destroyed_count == 102
    assert len(set(check.doomed_keys)) == 100
    assert kept.code not in check.doomed_keys


def test_live_records_are_destroyed_once_their_number_is_typed(admin_client: Client) -> None:
    old = SkuFactory.create(code="OLD", mode="live")
    check = checked(admin_client, b"code,name\nA,Mug\n", cleanup_records="on", mode="live")
    address = url("check", check)

    assert "Type 1 to have them destroyed" in shown(admin_client, check)
    for typed in ({}, {"confirm": ""}, {"confirm": "2"}, {"confirm": "yes"}):
        page = admin_client.post(address, typed, follow=True).content.decode()
        assert "Type 1 to have 1 record destroyed." in page
    assert not Import.objects.filter(check_of=check).exists()

    admin_client.post(address, {"confirm": " 1 "})
    run_to_end(Import.objects.get(check_of=check))
    assert not Sku.objects.filter(pk=old.pk).exists()


@pytest.mark.backend
def test_a_parent_that_went_away_meanwhile_keeps_the_rows_from_being_imported(
    admin_client: Client,
) -> None:
    parent = PriceListFactory.create()
    check = checked(
        admin_client,
        b"sku_code,amount_cents\nA,100\n",
        resource_type="prices",
        parent_resource_id=str(parent.pk),
    )
    parent.delete()

    page = admin_client.post(url("check", check), follow=True).content.decode()

    assert "parent_resource_id - must exist." in page
    assert Import.objects.count() == 1


def test_the_page_says_that_rows_are_pruned(admin_client: Client) -> None:
    check = checked(admin_client)
    ImportChunk.objects.all().delete()

    assert "not available any more" in shown(admin_client, check)


@pytest.mark.parametrize("attributes", [{"dry_run": False, "client": None}, {"dry_run": True}])
def test_only_dry_runs_of_the_staff_are_checked(
    admin_client: Client, attributes: dict[str, object]
) -> None:
    import_ = ImportFactory.create(completed=True, **attributes)

    assert admin_client.get(url("check", import_)).status_code == 404
    assert admin_client.post(url("check", import_)).status_code == 404
    assert Import.objects.count() == 1


def test_the_page_of_a_dry_run_leads_to_its_check(admin_client: Client) -> None:
    check = checked(admin_client)

    page = admin_client.get(url("change", check)).content.decode()

    assert url("check", check) in page


def test_the_check_leads_to_a_further_file_for_the_same(admin_client: Client) -> None:
    check = checked(admin_client, mode="live", reference="a&b")

    address = admin_client.get(url("check", check)).context["again_url"]

    options = "if_exists=update&if_missing=create&skip_errors=True"
    assert address == f"{NEW}?resource_type=skus&mode=live&reference=a%26b&{options}"


@pytest.mark.backend
def test_all_or_nothing_with_a_failed_row_has_no_button(admin_client: Client) -> None:
    check = checked(admin_client, b"code,name\nA,Mug\nB,\n", all_or_nothing="on")

    page = admin_client.get(url("check", check))

    verdict = page.context["verdict"]
    assert verdict.sentence == "1 of 2 rows would fail, so nothing would be imported."
    assert not verdict.button
