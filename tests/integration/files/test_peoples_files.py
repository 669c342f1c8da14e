"""Files that people's tools write, by each way that there is, each with what its owner would call
right.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from imports_app.commerce.models import Address, Coupon, Customer, Price, PriceList, Sku, Tag
from imports_app.models import Import
from imports_app.storage.lines import lines_of
from tests.factories.commerce import (
    PriceListFactory,
    PromotionRuleFactory,
    SkuFactory,
    TagFactory,
)
from tests.integration.api.caller import Caller
from tests.integration.files.conftest import FILES
from tests.integration.files.taking import Take

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NO_NUMBER = "is not a number: '{}'; write one such as 12.5"


@dataclass(frozen=True)
class Read:
    """A file of SKUs that is read: its names by code, and how it was read."""

    file: str
    names: dict[str, str]
    weights: dict[str, float] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    lines: tuple[int, ...] = ()
    warned: str = ""


READ = [
    Read("01-bom.csv", {"BOM1": "One"}, said={"encoding": "utf-8"}),
    Read(
        "02-semicolon.csv",
        {"SEMI1": "One", "SEMI2": "Two"},
        {"SEMI1": 1.5, "SEMI2": 2},
        {"delimiter": ";", "decimal": ","},
    ),
    Read("02b-semicolon-no-decimal.csv", {"SEMI3": "One", "SEMI4": "Two"}),
    Read("03-tab.tsv", {"TAB1": "One"}, said={"delimiter": "\t"}),
    Read("03b-tab.csv", {"TAB1": "One"}, said={"delimiter": "\t"}),
    Read("04-sep-line.csv", {"SEP1": "One"}, lines=(3,)),
    Read(
        "05-cp1252.csv",
        {"CP1": "Café €5"},
        said={"encoding": "windows-1252"},
        warned="'Café', '€5'",
    ),
    Read(
        "05b-latin1-line3.csv",
        {"L1": "plain", "L2": "straße"},
        said={"encoding": "windows-1252"},
        warned="'straße' (line 3)",
    ),
    Read("06-utf16le.csv", {"U1": "Café"}, said={"encoding": "utf-16", "delimiter": ","}),
    Read(
        "06b-utf16-tab-excel-unicode-text.txt",
        {"U1": "Café"},
        said={"encoding": "utf-16", "delimiter": "\t"},
    ),
    Read("14-trailing-commas.csv", {"TC1": "One", "TC2": "Two"}),
    Read("14b-blank-rows.csv", {"BR1": "One", "BR2": "Two"}, lines=(2, 6)),
    Read("14d-row-with-extra-empty-cells.csv", {"EE1": "One", "EE2": "Two"}),
    Read("15b-header-case.csv", {"HC1": "One"}, said={"columns": {"Code": "code", "Name": "name"}}),
    Read(
        "17-sci-barcode.csv",
        {"8.9012E+12": "Barcode"},
        warned="code has digits in scientific form, such as 8.9012E+12, of which some may be lost",
    ),
    Read(
        "excel-de.csv",
        {
            "TEE-001": "Grüner Tee 100 g",
            "TEE-002": "Früchtetee",
            "TEE-003": "Kräutertee; lose",
        },
        {"TEE-001": 110.5, "TEE-002": 95.25, "TEE-003": 120},
        {"delimiter": ";", "decimal": ",", "encoding": "utf-8"},
    ),
    Read(
        "windows1252-semi.csv",
        {"TEE-010": "Grüner Tee", "TEE-011": "Früchtetee"},
        said={"encoding": "windows-1252", "delimiter": ";"},
        warned="'Grüner', '€'",
    ),
    *(
        Read(
            f"sheet.{format_}",
            {"12": "Sheet tea", "13": "Sheet tea 2"},
            {"12": 100.5, "13": 200},
            {"format": format_, "sheet": "sheet"},
            (2, 3),
        )
        for format_ in ("xlsx", "ods", "xls")
    ),
]


@pytest.mark.parametrize("read", READ, ids=lambda read: read.file)
def test_a_file_is_read_and_says_how(take: Take, read: Read) -> None:
    taken = take(read.file)

    assert taken.errors == {}
    assert dict(Sku.objects.values_list("code", "name")) == read.names
    for code, weight in read.weights.items():
        assert Sku.objects.get(code=code).weight == weight
    assert {name: taken.file[name] for name in read.said} == read.said
    assert taken.file["name"] == read.file
    assert taken.import_ is not None
    if read.lines:
        assert tuple(lines_of(taken.import_.pk)) == read.lines
    assert any(read.warned in message for message in taken.warnings) == bool(read.warned)


def test_an_old_spreadsheet_that_is_cut_off_can_not_be_read(take: Take) -> None:
    assert "is a spreadsheet that cannot be read" in take("08-old-xls.xls").refusal


def test_labels_are_matched_by_whoever_sends_them(take_unasked: Take) -> None:
    refusal = take_unasked("15c-header-labels.csv").refusal
    assert "has no column that skus have (SKU Code, Product name)" in refusal
    assert "SKU Code may be code, Product name may be name" in refusal
    assert not Import.objects.exists()

    columns = {"SKU Code": "code", "Product name": "name"}
    assert take_unasked("15c-header-labels.csv", columns=columns).errors == {}
    assert Sku.objects.get().code == "HL1"


@pytest.mark.backend
def test_words_for_nothing_are_text_and_no_numbers(take: Take) -> None:
    words = {1: "NULL", 2: "\\N", 3: "NaN", 4: "None", 5: "N/A", 6: "-"}
    errors = take("16-null-words.csv").errors
    of_a_spreadsheet = ["is the error #N/A of a spreadsheet"]
    assert errors.pop("NW7") == {"weight": of_a_spreadsheet, "description": of_a_spreadsheet}
    assert errors == {
        f"NW{number}": {"weight": [NO_NUMBER.format(word)]} for number, word in words.items()
    }


@pytest.mark.backend
def test_rows_of_one_key_that_lost_digits_fail(take: Take, tmp_path: Path) -> None:
    text = (FILES / "17-sci-barcode.csv").read_text() + "8.9012E+12,Another,1\n"
    (tmp_path / "twice.csv").write_text(text)
    errors = take(tmp_path / "twice.csv").errors
    assert [list(each) for each in errors.values()] == [["code"], ["code"]]
    assert not Sku.objects.exists()


@pytest.mark.backend
def test_an_id_that_names_another_record_gives_it_the_key(
    take: Take, caller: Caller, tmp_path: Path
) -> None:
    sku = SkuFactory.create(mode=caller.mode, code="MINE")
    text = (FILES / "22-id-of-another-system.csv").read_text()
    (tmp_path / "ids.csv").write_text(text.replace("\n1,", f"\n{sku.pk},"))
    assert take("22-id-of-another-system.csv").errors == {"OTHER-1": {"id": ["must exist"]}}
    taken = take(tmp_path / "ids.csv")
    assert taken.errors == {}
    assert "had the key MINE before" in taken.warnings[0]
    sku.refresh_from_db()
    assert sku.code == "OTHER-1"


@pytest.mark.parametrize(
    ("file", "code", "metadata"),
    [
        ("23-metadata-two-columns-one-empty.csv", "MD1", {"a": "9", "b": 2, "c": 3}),
        ("23b-metadata-one-column.csv", "PU1", {"a": 1, "b": 2, "c": "3"}),
    ],
)
@pytest.mark.backend
def test_members_are_merged(
    take: Take, caller: Caller, file: str, code: str, metadata: dict[str, Any]
) -> None:
    SkuFactory.create(mode=caller.mode, code=code, metadata={"a": 1, "b": 2, "c": 3})
    assert take(file).errors == {}
    assert Sku.objects.get().metadata == metadata


@pytest.mark.backend
def test_white_space_around_a_key_is_none_of_it(take: Take) -> None:
    assert take("24-key-whitespace.csv").errors == {}
    assert list(Sku.objects.values_list("code", "name")) == [("WS-1", "Five")]


@pytest.mark.backend
def test_cleanup_destroys_nothing_that_the_file_names(take_unasked: Take, caller: Caller) -> None:
    for name in ("Gold", "Silver", "Bronze"):
        TagFactory.create(mode=caller.mode, name=name)
    taken = take_unasked("24b-cleanup-trailing-space.csv", "tags", cleanup=True)
    assert taken.errors == {}
    assert set(Tag.objects.values_list("name", flat=True)) == {"Gold", "Silver"}


def test_two_records_swap_a_unique_value(take: Take, caller: Caller) -> None:
    for name, code in (("SW1", "c1"), ("SW2", "c2")):
        PriceListFactory.create(mode=caller.mode, name=name, code=code)
    assert take("26-swap-unique.json", "price_lists").errors == {}
    assert dict(PriceList.objects.values_list("name", "code")) == {"SW1": "c2", "SW2": "c1"}


def test_a_record_without_a_key_is_found_by_its_reference(take: Take) -> None:
    take("27-addresses-no-key.csv", "addresses")
    taken = take("27-addresses-no-key.csv", "addresses")
    assert taken.import_ is not None
    assert (taken.import_.unchanged_count, Address.objects.count()) == (1, 1)


@pytest.mark.parametrize("dates", [None, "dmy", "mdy"])
def test_dates_are_read_and_nothing_is_guessed(
    take_unasked: Take, caller: Caller, tmp_path: Path, dates: str | None
) -> None:
    rule = PromotionRuleFactory.create(mode=caller.mode)
    text = (FILES / "28-dates.csv").read_text().replace(",1,", f",{rule.pk},")
    (tmp_path / "28-dates.csv").write_text(text)
    taken = take_unasked(
        tmp_path / "28-dates.csv", "coupons", **({"dates": dates} if dates else {})
    )

    read = {each.code: str(each.expires_at).replace(" ", "T") for each in Coupon.objects.all()}
    midnight, ten = "2025-12-31T00:00:00+00:00", "2025-12-31T10:00:00+00:00"
    expected = {"DDDDDDDD1": midnight, "DDDDDDDD2": ten, "DDDDDDDD5": ten}
    assert read == expected | ({"DDDDDDDD3": midnight} if dates == "dmy" else {})
    messages = {error["expires_at"][0] for error in taken.errors.values()}
    assert any("is no date: '46022'; write it as 2025-12-31" in each for each in messages)
    assert taken.warnings == [
        "the times of expires_at have no offset and were taken for UTC (line 3)"
    ]


def test_blanks_around_an_email_are_trimmed(take: Take) -> None:
    take("29-email-trailing-space.csv", "customers")
    assert Customer.objects.get().email == "john@example.com"


def test_tags_are_separated_by_commas(take: Take) -> None:
    assert take("30-tags-comma.csv").errors == {}
    assert set(Sku.objects.get().tags.values_list("name", flat=True)) == {"red", "blue"}


def test_booleans_are_words_that_everybody_knows(take_unasked: Take) -> None:
    words = "must be true or false (1 or 0, yes or no, y or n), and is 'WAHR'"
    assert take_unasked("32-booleans.csv").errors == {"O6": {"do_not_ship": [words]}}
    read = Sku.objects.order_by("code").values_list("do_not_ship", flat=True)
    assert list(read) == [True, False, True, False, True]


@pytest.mark.parametrize(("empty", "left"), [("keep", ("old", 1.5)), ("clear", (None, None))])
def test_an_empty_cell_clears_only_where_that_is_said(
    take: Take, caller: Caller, empty: str, left: tuple[Any, Any]
) -> None:
    SkuFactory.create(mode=caller.mode, code="CLR1", description="old", weight=1.5)
    assert take("34-clear-by-csv.csv", empty=empty).errors == {}
    sku = Sku.objects.get()
    assert (sku.description, sku.weight) == left


def test_cents_are_asked_for(take_unasked: Take, caller: Caller) -> None:
    SkuFactory.create(mode=caller.mode, code="MUG-BLUE")
    PriceListFactory.create(mode=caller.mode, name="Europe")
    taken = take_unasked("36-price-decimal.csv", "prices")
    words = "is in cents, a whole number, and is '10.99': that would be 1099"
    assert [error["amount_cents"] for error in taken.errors.values()] == [[words]]
    assert not Price.objects.exists()


def test_the_staff_page_suggests_what_others_have_to_say(
    take_by_staff: Take, caller: Caller
) -> None:
    assert take_by_staff("15c-header-labels.csv").errors == {}
    assert take_by_staff("32-booleans.csv").errors == {}
    codes = Sku.objects.order_by("code").values_list("code", "do_not_ship")
    assert list(codes)[:2] == [("HL1", None), ("O1", True)]

    SkuFactory.create(mode=caller.mode, code="MUG-BLUE")
    PriceListFactory.create(mode=caller.mode, name="Europe")
    assert take_by_staff("36-price-decimal.csv", "prices").errors == {}
    assert Price.objects.get().amount_cents == 1099


def test_the_staff_page_reads_dates_in_the_form_that_was_said(
    take_by_staff: Take, caller: Caller, tmp_path: Path
) -> None:
    rule = PromotionRuleFactory.create(mode=caller.mode)
    text = (FILES / "28-dates.csv").read_text().replace(",1,", f",{rule.pk},")
    (tmp_path / "28-dates.csv").write_text(text)

    taken = take_by_staff(tmp_path / "28-dates.csv", "coupons", dates="dmy")

    midnight = "2025-12-31 00:00:00+00:00"
    assert str(Coupon.objects.get(code="DDDDDDDD3").expires_at) == midnight
    (errors,) = taken.errors.values()
    assert "is no date: '46022'; write it as 2025-12-31" in errors["expires_at"][0]


def test_the_staff_page_suggests_no_form_of_dates_but_the_one_that_was_said(
    take_by_staff: Take, tmp_path: Path
) -> None:
    (tmp_path / "dates.csv").write_text(
        "code,currency_code,balance_cents,expires_at\nCARD-0001,EUR,1,31/12/2026\n"
    )
    errors = take_by_staff(tmp_path / "dates.csv", "gift_cards", dates="mdy").errors
    assert list(errors["CARD-0001"]) == ["expires_at"]
