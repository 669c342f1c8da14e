"""What becomes of a file before it is an import: read, matched, left and come back to."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from imports_app.admin.drafting.understanding import choices
from imports_app.models import ColumnMatching, Import, ImportDraft, ImportDraftPiece
from imports_app.storage import chunks
from imports_app.storage.drafts import content_of, prune_drafts
from tests.factories.commerce.catalog import PriceListFactory
from tests.integration.admin.conftest import StaffWith
from tests.integration.admin.pages import CSV, NEW, begin, draft, errors, only_import, order, url
from tests.running import run_to_end

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

FILES = Path(__file__).parents[2] / "files"
GERMAN = "Artikel-Nr;Bezeichnung;Gewicht\nTEE-1;Grüner Tee;1,5\nTEE-2;Früchtetee;2,25\n"


def steps(answer: Any) -> tuple[str, str]:
    """The addresses of a new draft's steps."""
    address = answer.headers["Location"]
    return address, f"{address}match/"


def rows(import_: Import) -> list[Any]:
    return [msgspec.json.decode(row) for row in chunks.rows_of(import_.pk)]


def matched(header: list[str], **by_column: str) -> dict[str, str]:
    """The fields of the form that say so, by the columns' places."""
    chosen = {}
    for column, attribute in by_column.items():
        name, _, transform = attribute.partition(":")
        chosen[f"attribute-{header.index(column)}"] = name
        chosen[f"transform-{header.index(column)}"] = transform
    return chosen


def test_the_page_says_how_a_file_was_understood(admin_client: Client) -> None:
    read, _ = steps(begin(admin_client, GERMAN.encode("cp1252"), name="tee.csv"))

    page = admin_client.get(read).content.decode()

    assert "Windows-1252, semicolon, decimal comma, 2 rows" in page
    assert "Grüner Tee" in page
    assert "The text is neither UTF-8 nor UTF-16" in page
    assert "file_options" not in page


def test_a_spreadsheet_says_its_sheet_and_offers_the_others(admin_client: Client) -> None:
    content = (FILES / "sheet.xlsx").read_bytes()
    read, _ = steps(begin(admin_client, content, name="sheet.xlsx"))

    answer = admin_client.get(read)

    assert "XLSX" in answer.context["understood"]
    assert "sheet " in answer.context["understood"]
    assert "encoding" not in answer.context["form"].fields


def test_the_reading_of_a_file_is_corrected_at_once(admin_client: Client) -> None:
    read, _ = steps(begin(admin_client, GERMAN.encode("cp1252"), name="tee.csv"))

    said = {"action": "look", "resource_type": "skus", "encoding": "mac-roman"}
    page = admin_client.post(read, said, follow=True).content.decode()

    assert "Mac Roman, semicolon, decimal comma, 2 rows" in page
    assert "Gr\u00b8ner Tee" in page


def test_the_type_is_changed_without_losing_the_file(admin_client: Client) -> None:
    read, match = steps(begin(admin_client, b"name,code\nA,B\n"))

    admin_client.post(read, {"action": "look", "resource_type": "price_lists"})

    assert draft().kept.resource_type == "price_lists"
    assert admin_client.get(match).context["needs"].missing == ["currency_code"]


def test_the_type_is_found_out_by_the_columns(admin_client: Client) -> None:
    begin(admin_client, b"sku_code,price_list_name,amount_cents\nA,B,1\n", resource_type="")

    assert draft().kept.resource_type == "prices"


def test_a_file_whose_type_is_unknown_asks_for_it(admin_client: Client) -> None:
    read, match = steps(begin(admin_client, b"colour,size\nred,1\n", resource_type=""))

    assert "needs a resource type" in admin_client.get(read).content.decode()
    assert admin_client.get(match).headers["Location"] == read


def test_a_question_is_asked_where_nothing_may_be_guessed(admin_client: Client) -> None:
    read, match = steps(begin(admin_client, b"code,name,weight\nA,Mug,1.000\n"))
    assert "1.000" in admin_client.get(read).context["draft"].state.troubles[0].message
    assert admin_client.get(match).headers["Location"] == read

    said = {"action": "next", "resource_type": "skus", "decimal": ","}
    answer = admin_client.post(read, said)

    assert answer.headers["Location"] == match
    admin_client.post(match, order())
    assert only_import().file_options["decimal"] == ","


def test_columns_are_suggested_by_name_likeness_and_content(admin_client: Client) -> None:
    content = "Code;Product name;Einheit;Versand;Notiz\nA;Mug;gr;nein;x\nB;Cup;oz;ja;y\n"
    begin(admin_client, content.encode())

    found = choices(draft())

    assert {name: (c.attribute, c.why) for name, c in found.items()} == {
        "Code": ("code", "by its name"),
        "Product name": ("name", "by a similar name"),
        "Einheit": ("unit_of_weight", "by its content"),
        "Versand": (None, ""),
        "Notiz": (None, ""),
    }


def test_an_email_column_is_recognized_by_its_cells(admin_client: Client) -> None:
    begin(admin_client, b"Kontakt\na@example.com\nb@example.com\n", resource_type="customers")

    (choice,) = choices(draft()).values()

    assert (choice.attribute, choice.why) == ("email", "by its content")


def test_each_column_is_beside_its_attribute_with_the_cells_that_fit(admin_client: Client) -> None:
    _, match = steps(begin(admin_client, b"code,name,weight\nA,Mug,1.5\nB,Cup,heavy\n"))

    fits = {fit.name: fit for fit in admin_client.get(match).context["fits"]}

    assert (fits["weight"].fitting, fits["weight"].filled) == (1, 2)
    assert fits["weight"].samples == ["1.5", "heavy"]
    assert fits["weight"].problem.startswith("Line 3 is not a number: 'heavy'")
    assert (fits["name"].fitting, fits["name"].filled) == (2, 2)


def test_columns_are_matched_as_staff_say_and_remembered_for_the_next_file(
    admin_client: Client,
) -> None:
    header = GERMAN.partition("\n")[0].split(";")
    chosen = {"Artikel-Nr": "code", "Bezeichnung": "name", "Gewicht": "weight"}
    _, match = steps(begin(admin_client, GERMAN.encode()))

    admin_client.post(match, order(**matched(header, **chosen)))

    assert rows(only_import())[0] == {"code": "TEE-1", "name": "Grüner Tee", "weight": "1,5"}
    assert only_import().file_options["columns"] == chosen
    ImportDraft.objects.all().delete()
    _, match = steps(begin(admin_client, GERMAN.encode(), name="next.csv"))
    fits = admin_client.get(match).context["fits"]
    assert {fit.name: fit.choice.attribute for fit in fits} == chosen
    assert {fit.choice.why for fit in fits} == {"as last time"}


def test_a_column_is_left_out(admin_client: Client) -> None:
    _, match = steps(begin(admin_client, CSV))

    admin_client.post(match, order(**{"attribute-2": ""}))

    assert rows(only_import()) == [{"code": "A", "name": "Mug"}, {"code": "B", "name": "Cup"}]


def test_euros_become_cents(admin_client: Client) -> None:
    content = "SKU;Liste;Preis\nA;Europe;10,99 €\nB;Europe;1.234,50\n".encode()
    _, match = steps(begin(admin_client, content, resource_type="prices"))
    header = ["SKU", "Liste", "Preis"]

    looked = {"Preis": "amount_cents", "SKU": "sku_code", "Liste": "price_list_name"}
    admin_client.post(match, {"action": "look", **matched(header, **looked)})
    fits = {fit.name: fit for fit in admin_client.get(match).context["fits"]}
    assert fits["Preis"].fitting == 0
    looked["Preis"] = "amount_cents:cents"
    admin_client.post(match, {"action": "look", **matched(header, **looked)})

    fits = {fit.name: fit for fit in admin_client.get(match).context["fits"]}
    assert (fits["Preis"].fitting, fits["Preis"].filled) == (2, 2)
    admin_client.post(match, order())
    assert only_import().file_options["transforms"] == {"Preis": "cents"}


def test_missing_attributes_are_named_before_anything_is_created(admin_client: Client) -> None:
    _, match = steps(begin(admin_client, b"title,weight\nMug,1\n"))

    answer = admin_client.post(match, order())

    assert "code" in answer.context["needs"].missing
    assert "has no column for code" in answer.content.decode()
    assert not Import.objects.exists()


def test_a_draft_is_left_and_come_back_to_by_whoever_made_it_alone(
    admin_client: Client, admin_user: User, staff_with: StaffWith
) -> None:
    _, match = steps(begin(admin_client))
    admin_client.post(match, {"action": "look", "reference": "spring", "mode": "live"})

    again = Client()
    again.force_login(admin_user)
    form = again.get(match).context["form"]
    assert (form["reference"].value(), form["mode"].value()) == ("spring", "live")
    assert match.removesuffix("match/") in again.get(NEW).content.decode()
    other = staff_with("view_import", "run_import")
    for address in (match, match.removesuffix("match/")):
        assert other.get(address).status_code == 404
        assert other.post(address, {"action": "look"}).status_code == 404
    assert other.post(match.replace("match", "delete")).status_code == 404
    assert match.removesuffix("match/") not in other.get(NEW).content.decode()


@pytest.mark.backend
def test_a_draft_ends_with_its_import(admin_client: Client) -> None:
    _, match = steps(begin(admin_client))
    admin_client.post(match, order())
    check = run_to_end(only_import())
    page = admin_client.get(url("check", check)).content.decode()
    assert match in page

    admin_client.post(url("check", check))

    assert Import.objects.filter(check_of=check).exists()
    assert not ImportDraft.objects.exists()


def test_a_check_is_made_again_of_what_was_corrected(admin_client: Client) -> None:
    _, match = steps(begin(admin_client))
    admin_client.post(match, order())

    admin_client.post(match, order(reference="again"))

    assert list(Import.objects.values_list("reference", flat=True)) == ["again", "mugs.csv"]
    assert draft().kept.last_check == Import.objects.get(reference="again")


@pytest.mark.backend
def test_the_stored_draft_is_sealed(admin_client: Client) -> None:
    content = b"code,name,hunter2\nSECRETCODE,Mug,x\n"
    _, match = steps(begin(admin_client, content, name="mugs.csv"))
    admin_client.post(match, order())

    kept = ImportDraft.objects.get()
    assert b"".join(content_of(kept)) == content
    stored = bytes(kept.state) + b"".join(
        bytes(piece.content) for piece in ImportDraftPiece.objects.all()
    )
    stored += b"".join(bytes(each.columns) for each in ColumnMatching.objects.all())
    for word in (b"SECRETCODE", b"hunter2", b"code"):
        assert word not in stored


def test_no_step_shows_a_secret(admin_client: Client) -> None:
    content = b"email,password,Passwort\na@example.com,hunter2 hunter2,hunter3\n"
    read, match = steps(begin(admin_client, content, resource_type="customers"))

    for address in (read, match):
        page = admin_client.get(address).content.decode()
        assert "a@example.com" in page
        assert "hunter2" not in page


@pytest.mark.backend
def test_drafts_hold_only_so_much_together(admin_client: Client, settings: Settings) -> None:
    settings.IMPORTS_DRAFT_BYTES = len(CSV)
    assert begin(admin_client).status_code == 302

    found = errors(begin(admin_client))

    assert "Your drafts have reached their limit" in found["file"][0]
    assert ImportDraft.objects.count() == 1


@pytest.mark.backend
def test_drafts_that_nobody_was_at_are_pruned(admin_client: Client, settings: Settings) -> None:
    settings.IMPORTS_DRAFT_DAYS = 3
    begin(admin_client)
    begin(admin_client)
    old, new = ImportDraft.objects.all()
    ImportDraft.objects.filter(pk=old.pk).update(updated_at=timezone.now() - timedelta(days=4))

    assert prune_drafts() == 1

    assert ImportDraft.objects.get() == new


@pytest.mark.backend
def test_a_draft_is_given_up(admin_client: Client) -> None:
    read, _ = steps(begin(admin_client))

    admin_client.get(f"{read}delete/")
    assert ImportDraft.objects.exists()
    admin_client.post(f"{read}delete/")

    assert not ImportDraft.objects.exists()
    assert not ImportDraftPiece.objects.exists()


@pytest.mark.backend
def test_a_parent_is_found_by_its_name(admin_client: Client) -> None:
    parent = PriceListFactory.create(name="Europe 2026")
    PriceListFactory.create(name="Europe live", mode="live")
    content = b"sku_code,amount_cents\nA,100\n"
    _, match = steps(begin(admin_client, content, resource_type="prices"))

    offered = admin_client.get(match.replace("match", "parents"), {"q": "euro", "mode": "test"})
    assert [each["name"] for each in offered.json()["parents"]] == ["Europe 2026"]
    assert list(errors(admin_client.post(match, order(parent_resource_id="Europe live")))) == [
        "parent_resource_id"
    ]
    admin_client.post(match, order(parent_resource_id="Europe 2026"))

    assert only_import().parent_resource_id == str(parent.pk)


@pytest.mark.backend
def test_a_name_that_several_parents_have_is_asked_about(admin_client: Client) -> None:
    for code in ("A", "B"):
        PriceListFactory.create(name=f"List {code}", reference="same")
    content = b"sku_code,amount_cents\nA,100\n"
    _, match = steps(begin(admin_client, content, resource_type="prices"))

    found = errors(admin_client.post(match, order(parent_resource_id="same")))

    assert "is the name of several" in found["parent_resource_id"][0]


def test_the_pages_of_drafts_need_the_permission_to_run_imports(
    admin_client: Client, staff_with: StaffWith
) -> None:
    read, match = steps(begin(admin_client))
    looks = staff_with("view_import")

    for address in (NEW, read, match, match.replace("match", "parents"), f"{read}delete/"):
        assert looks.get(address).status_code == 403
        assert looks.post(address).status_code == 403
    assert reverse("admin:login") in Client().get(read).headers["Location"]


@pytest.mark.backend
def test_a_draft_that_was_sealed_with_another_secret_key_is_gone(
    admin_client: Client, admin_user: User, settings: Settings
) -> None:
    read, match = steps(begin(admin_client))
    settings.SECRET_KEY = "another"
    admin_client.force_login(admin_user)

    for address in (read, match):
        assert admin_client.get(address).status_code == 404
    assert read in admin_client.get(NEW).content.decode()
    admin_client.post(f"{read}delete/")
    assert not ImportDraft.objects.exists()


FILES_OF_PEOPLE = {
    "27-addresses-no-key.csv": "addresses",
    "28-dates.csv": "coupons",
    "29-email-trailing-space.csv": "customers",
    "24b-cleanup-trailing-space.csv": "customer_groups",
    "36-price-decimal.csv": "prices",
}
READ_BY_STAFF = sorted(
    path.name
    for path in FILES.iterdir()
    if path.suffix in (".csv", ".tsv", ".txt", ".json", ".xlsx", ".ods", ".xls")
    and path.name != "08-old-xls.xls"
)


@pytest.mark.parametrize("name", READ_BY_STAFF)
def test_files_as_people_have_them_go_through_all_steps(admin_client: Client, name: str) -> None:
    content = (FILES / name).read_bytes()
    type_ = FILES_OF_PEOPLE.get(name, "skus")
    read, match = steps(begin(admin_client, content, name=name, resource_type=type_))

    assert admin_client.get(read).context["understood"]
    assert admin_client.get(match).context["fits"]
    admin_client.post(match, order())

    assert only_import().inputs_size


def test_amounts_with_places_are_taken_for_euros_and_shown_so(admin_client: Client) -> None:
    content = (FILES / "36-price-decimal.csv").read_bytes()
    _, match = steps(begin(admin_client, content, resource_type="prices"))

    fits = {fit.name: fit for fit in admin_client.get(match).context["fits"]}

    assert fits["amount_cents"].choice.transform == "cents"


def test_an_old_spreadsheet_that_was_cut_off_is_refused(admin_client: Client) -> None:
    content = (FILES / "08-old-xls.xls").read_bytes()

    found = errors(begin(admin_client, content, name="08-old-xls.xls"))

    assert "is a spreadsheet that cannot be read" in found["file"][0]
