import gzip
import json
import zlib
from typing import Any

import msgspec
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from imports_app.models import Import, ImportDraft
from imports_app.storage import chunks
from tests.factories.commerce.catalog import PriceListFactory
from tests.integration.admin.pages import (
    CSV,
    NEW,
    begin,
    errors,
    only_import,
    send,
    troubles,
    url,
)
from tests.running import run_to_end

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def rows(import_: Import) -> list[Any]:
    return [msgspec.json.decode(row) for row in chunks.rows_of(import_.pk)]


def test_the_page_asks_for_a_file_and_the_type_of_its_rows(admin_client: Client) -> None:
    page = admin_client.get(f"{NEW}?resource_type=skus").content.decode()

    assert '<option value="skus" selected>skus</option>' in page
    assert "multipart/form-data" in page


def test_a_type_that_does_not_exist_is_refused(admin_client: Client) -> None:
    found = errors(begin(admin_client, resource_type="<b>mugs"))

    assert list(found) == ["resource_type"]
    assert not ImportDraft.objects.exists()


def test_each_type_has_a_template(admin_client: Client) -> None:
    address = reverse("admin:imports_app_import_template")
    assert f"{address}?resource_type=skus" in admin_client.get(NEW).content.decode()

    template = admin_client.get(address, {"resource_type": "skus"})

    assert template.content.decode().startswith("code,name")
    assert "skus-template.csv" in template["Content-Disposition"]
    assert admin_client.get(address, {"resource_type": "mugs"}).headers["Location"] == NEW


def test_the_pages_are_kept_by_no_cache(admin_client: Client) -> None:
    address = begin(admin_client).headers["Location"]

    for page in (NEW, address, f"{address}match/"):
        assert "no-store" in admin_client.get(page)["Cache-Control"]


@pytest.mark.backend
def test_a_file_becomes_a_dry_run_of_whoever_sent_it(
    admin_client: Client, admin_user: User
) -> None:
    answer = send(admin_client)

    import_ = only_import()
    assert answer.headers["Location"] == url("check", import_)
    assert (import_.dry_run, import_.mode, import_.format) == (True, "test", "csv")
    assert (import_.caller, import_.created_by) == (None, admin_user)
    assert import_.reference == "mugs.csv"
    assert rows(import_)[0] == {"code": "A", "name": "Mug", "weight": "1.5"}


@pytest.mark.backend
def test_an_import_without_a_dry_run_begins_at_once(admin_client: Client) -> None:
    answer = send(admin_client, dry_run=None)

    import_ = only_import()
    assert not import_.dry_run
    assert answer.headers["Location"] == url("change", import_)


def test_options_are_those_of_the_form(admin_client: Client) -> None:
    options: dict[str, Any] = {"skip_errors": "on", "cleanup_records": "on", "cleanup_limit": "7"}
    options |= {"if_exists": "fail", "if_missing": "skip", "all_or_nothing": "on"}

    send(admin_client, mode="live", reference="spring", **options)

    import_ = only_import()
    assert (import_.mode, import_.reference) == ("live", "spring")
    assert (import_.if_exists, import_.if_missing) == ("fail", "skip")
    assert import_.skip_errors
    assert import_.all_or_nothing
    assert import_.dry_run
    assert (import_.cleanup_records, import_.cleanup_limit) == (True, 7)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'[{"code": "A"}, {"code": "B"}]', "mugs.json"),
        (b'{"code": "A"}\n{"code": "B"}\n', "mugs.ndjson"),
        (b'\xef\xbb\xbf[{"code": "A"}, {"code": "B"}]', "mugs"),
        (gzip.compress(b"code\nA\nB\n", mtime=0), "mugs.csv.gz"),
        (gzip.compress(b'[{"code": "A"}, {"code": "B"}]', mtime=0), "mugs.bin"),
    ],
)
def test_every_format_is_read(admin_client: Client, content: bytes, name: str) -> None:
    send(admin_client, content, name=name)

    assert rows(only_import()) == [{"code": "A"}, {"code": "B"}]


@pytest.mark.parametrize("text", ["code\r\nA\r\nB", '[{"code": "A"}, {"code": "B"}]'])
def test_rows_can_be_pasted(admin_client: Client, text: str) -> None:
    send(admin_client, None, text=text)

    assert rows(only_import()) == [{"code": "A"}, {"code": "B"}]
    assert only_import().reference is None


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"code,name\n\xc3\x84,Mug\nB,\xff\n", "mugs.csv", "not UTF-8 at line 3"),
        (b'code,name\nA,"Mug\n', "mugs.csv", "stray or not closed, in the row at line 2"),
        (b"code,code\nA,B\n", "mugs.csv", "has the column code more than once"),
        (b"code\n", "mugs.csv", "has a header, but no rows"),
        (b'[{"code": "A"}, 3]', "mugs.json", "Row 1 must be an object."),
        (b'{"code": "A"}\n{"code": \n', "mugs.ndjson", "Line 2 is not JSON"),
        (b"colour,size\nred,2\n", "mugs.csv", "has no column that skus have (colour, size)"),
    ],
)
def test_a_file_that_can_not_be_taken_as_it_is_says_what_is_wrong_where(
    admin_client: Client, content: bytes, name: str, words: str
) -> None:
    send(admin_client, content, name=name)

    assert words in troubles()[0]
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"PK\x03\x04rest", "mugs.xlsx", "is an archive or a spreadsheet"),
        (b'[{"code": "A"', "mugs.json", "The file is not JSON"),
        (b"[" * 100_000, "mugs.json", "nests too deep"),
        (gzip.compress(CSV, mtime=0)[:-4], "mugs.csv.gz", "is not a whole gzip file"),
        (b"%PDF-1.7", "mugs.csv", "is a PDF"),
        (b"", "mugs.csv", "The submitted file is empty."),
    ],
)
def test_a_file_without_rows_becomes_no_draft(
    admin_client: Client, content: bytes, name: str, words: str
) -> None:
    found = errors(begin(admin_client, content, name=name))

    assert words in found["file"][0]
    assert not ImportDraft.objects.exists()


@pytest.mark.backend
def test_a_row_with_a_nul_fails_by_itself(admin_client: Client) -> None:
    send(admin_client, b"code,name\nA,Mug\nB\x00,Cup\n", skip_errors="on")

    import_ = run_to_end(only_import())
    assert (import_.created_count, import_.errors_count) == (1, 1)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(
    admin_client: Client, settings: Settings
) -> None:
    settings.IMPORTS_MAX_REQUEST_BYTES = 1_000_000
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    bomb = b"".join(packer.compress(b" " * 1_000_000) for _ in range(200)) + packer.flush()
    assert len(bomb) < 1_000_000

    found = errors(begin(admin_client, bomb, name="mugs.csv.gz"))

    assert "is too large (maximum is 1000000 bytes)" in found["file"][0]


def test_a_file_beyond_the_limit_is_refused(admin_client: Client, settings: Settings) -> None:
    settings.IMPORTS_MAX_REQUEST_BYTES = 1_000

    found = errors(begin(admin_client, b"code\n" + b"A\n" * 1_000))

    assert "is too large (maximum is 1000 bytes)" in found["file"][0]


@pytest.mark.backend
def test_the_maximum_number_of_rows_is_accepted(admin_client: Client) -> None:
    content = b"code,name\n" + b"".join(b"C%d,Mug\n" % number for number in range(100_000))

    send(admin_client, content, dry_run=None)

    assert only_import().inputs_size == 100_000


@pytest.mark.backend
def test_on_sqlite_a_dry_run_has_fewer_rows(admin_client: Client, settings: Settings) -> None:
    settings.IMPORTS_SQLITE_WHOLE_ROWS = 1

    answer = send(admin_client)

    if settings.ON_SQLITE:
        message = "can't be asked of 2 rows (maximum is 1 on SQLite"
        assert errors(answer)["dry_run"][0].startswith(message)
    else:
        assert only_import().dry_run


@pytest.mark.backend
def test_one_row_more_than_the_maximum_is_refused(admin_client: Client, settings: Settings) -> None:
    settings.IMPORTS_MAX_ROWS = 2

    send(admin_client, CSV + b"C,Plate,\n")

    assert troubles() == ["The file must not be more than 2 rows."]


def test_only_the_first_of_many_faults_are_shown(admin_client: Client) -> None:
    content = json.dumps([1] * 50).encode()

    send(admin_client, content, name="mugs.json")

    assert len(troubles()) == 11
    assert troubles()[-1] == "And 40 more."


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"mode": None}, "mode"),
        ({"mode": "both"}, "mode"),
        ({"reference": "x" * 256}, "reference"),
        ({"reference": "a\0b"}, "reference"),
        ({"cleanup_limit": "-1"}, "cleanup_limit"),
        ({"cleanup_limit": str(2**63)}, "cleanup_limit"),
    ],
)
def test_a_mistake_in_the_form_makes_no_import(
    admin_client: Client, fields: dict[str, Any], field: str
) -> None:
    assert list(errors(send(admin_client, **fields))) == [field]
    assert not Import.objects.exists()


def test_a_file_or_a_text_has_to_be_sent_not_both(admin_client: Client) -> None:
    assert errors(begin(admin_client, None)) == {"file": ["Choose a file, or paste cells below."]}
    assert list(errors(begin(admin_client, text="code\nA"))) == ["text"]


@pytest.mark.backend
def test_a_parent_of_the_other_mode_does_not_exist(admin_client: Client) -> None:
    parent = PriceListFactory.create(mode="live")
    content = b"sku_code,amount_cents\nA,100\n"
    options = {"resource_type": "prices", "parent_resource_id": str(parent.pk)}

    answer = send(admin_client, content, **options)
    assert errors(answer) == {"parent_resource_id": ["must exist."]}

    send(admin_client, content, mode="live", **options)
    assert only_import().parent_resource_id == str(parent.pk)


def test_a_type_without_a_parent_has_no_field_for_one(admin_client: Client) -> None:
    send(admin_client, parent_resource_id="1")

    assert only_import().parent_resource_id is None


def test_the_page_for_a_further_file_has_the_same_options(admin_client: Client) -> None:
    address = f"{NEW}?resource_type=skus&mode=live&reference=spring"

    answer = admin_client.post(address, {"resource_type": "skus", "text": "code,name\nA,Mug"})

    form = admin_client.get(f"{answer.headers['Location']}match/").context["form"]
    assert (form["mode"].value(), form["reference"].value()) == ("live", "spring")


def test_nothing_is_destroyed_without_a_dry_run(admin_client: Client) -> None:
    answer = send(admin_client, mode="live", cleanup_records="on", dry_run=None)

    assert errors(answer) == {
        "dry_run": ["Records are destroyed only after a check, which shows you which ones."]
    }
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("header", "cells", "asked"),
    [
        ("pieces_per_pack", ["1.000"], "at line 2 is 1 or 1000"),
        ("weight", ["7", "12.500"], "at line 3 is 12.5 or 12500"),
        ("weight", ["1.000", "2.5"], None),
        ("weight", ["0.125"], None),
        ("weight", ["1.0000"], None),
        ("hs_tariff_number", ["1.000"], None),
    ],
)
def test_a_number_that_can_be_read_in_two_ways_is_asked_about(
    admin_client: Client, header: str, cells: list[str], asked: str | None
) -> None:
    lines = [f"C{number},Mug,{cell}" for number, cell in enumerate(cells)]

    answer = send(admin_client, "\n".join([f"code,name,{header}", *lines]).encode())

    if asked is None:
        assert only_import().inputs_size == len(cells)
    else:
        (message,) = troubles()
        assert f"'{cells[-1]}' in {header} {asked}" in message
        assert "/match/" not in answer.headers["Location"]
        assert not Import.objects.exists()
