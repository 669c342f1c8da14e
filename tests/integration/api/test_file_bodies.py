"""Imports whose body is a file."""

import gzip
import json
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest
import xlsxwriter
from django.test import Client
from pytest_django import Settings

from imports_app.commerce.models import Sku
from imports_app.models import Import, ImportChunk
from imports_app.storage.lines import lines_of
from imports_app.storage.log import errors_log, warnings_log
from tests.factories.clients import ApiClientFactory
from tests.integration.api.caller import Answer, Caller
from tests.running import run_to_end

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CSV = b"code,name\nA,a\nB,b\n"
ROWS = [{"code": "A", "name": "a"}, {"code": "B", "name": "b"}]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ANY = "application/octet-stream"


def send(
    caller: Caller, body: bytes, query: Any = (), media_type: str = "text/csv", **headers: str
) -> Answer:
    given = {"resource_type": "skus", **dict(query)}
    return caller.post(f"/api/imports?{urlencode(given)}", body, media_type=media_type, **headers)


def imported(caller: Caller, body: bytes, query: Any = (), **headers: str) -> Import:
    answer = send(caller, body, query, **headers)
    assert answer.status == 201, answer.content
    return run_to_end(Import.objects.get(pk=answer.data["id"]))


def workbook(*rows: list[Any], name: str = "Prices") -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"remove_timezone": True}) as book:
        book.add_worksheet("Notes")
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return stream.getvalue()


def zipped(**files: bytes) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_a_file_is_an_import_without_inputs(caller: Caller) -> None:
    answer = send(caller, CSV, Content_Disposition='attachment; filename="dir/mugs.csv"')

    attributes = answer.data["attributes"]
    assert answer.status == 201
    assert answer.headers["Location"].endswith(answer.data["id"])
    assert (attributes["inputs"], attributes["inputs_size"], attributes["format"]) == (
        None,
        2,
        "csv",
    )
    assert answer.data["meta"]["file"] == {
        "name": "mugs.csv",
        "format": "csv",
        "encoding": "utf-8",
        "delimiter": ",",
        "decimal": None,
        "sheet": None,
        "columns": {"code": "code", "name": "name"},
    }
    shown = caller.get(f"/api/imports/{answer.data['id']}").data
    assert shown["attributes"]["inputs"] is None
    path = attributes["attachment_url"].removeprefix("http://testserver")
    fetched: Any = Client().get(path)
    assert gzip.decompress(b"".join(fetched.streaming_content)) == CSV
    import_ = run_to_end(Import.objects.get())
    assert (import_.created_count, errors_log(import_)) == (2, {})


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("filename*=UTF-8''M%C3%BCg%20A.csv", "Müg A.csv"),
        ("filename*=UTF-8''a%00b%0D%0A.csv", "ab.csv"),
        ("filename*=UTF-7''+2AA-.csv", ".csv"),
        ("filename*=UTF-8''%00", None),
        ("filename*=klingon''a.csv", None),
    ],
)
def test_a_file_s_name_is_kept_but_for_what_can_t_be_printed(
    caller: Caller, sent: str, kept: str | None
) -> None:
    answer = send(caller, CSV, Content_Disposition=f"attachment; {sent}")

    assert answer.data["meta"]["file"]["name"] == kept


@pytest.mark.parametrize(
    ("body", "media_type", "format_"),
    [
        (CSV, "text/csv; charset=utf-8", "csv"),
        (CSV.replace(b",", b"\t"), "text/tab-separated-values", "csv"),
        (CSV, ANY, "csv"),
        (json.dumps(ROWS).encode(), "application/json", "json"),
        (
            b"".join(json.dumps(row).encode() + b"\n" for row in ROWS),
            "application/x-ndjson",
            "json",
        ),
        (json.dumps(ROWS, indent=2).encode(), ANY, "json"),
        (gzip.compress(CSV), ANY, "csv"),
        (gzip.compress(CSV), "application/gzip", "csv"),
        (zipped(**{"mugs.csv": CSV}), "application/zip", "csv"),
        (workbook(["code", "name"], ["A", "a"], ["B", "b"]), XLSX, "csv"),
        (zipped(**{"m.xlsx": workbook(["code", "name"], ["A", "a"], ["B", "b"])}), ANY, "csv"),
    ],
    ids=map(str, range(11)),
)
def test_every_format_gives_the_same_records(
    caller: Caller, body: bytes, media_type: str, format_: str
) -> None:
    import_ = imported(caller, body, media_type=media_type)

    assert (import_.format, import_.created_count) == (format_, 2)
    assert list(Sku.objects.order_by("code").values("code", "name")) == ROWS


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("encoding", ["", "utf-16"])
@pytest.mark.parametrize(
    ("text", "media_type"),
    [
        (CSV.decode(), "text/csv"),
        (json.dumps(ROWS), "application/json"),
        (json.dumps(ROWS), ANY),
        ("".join(json.dumps(row) + "\n" for row in ROWS), "application/x-ndjson"),
    ],
    ids=["csv", "json", "any", "ndjson"],
)
def test_utf_16_is_read_with_a_mark_or_without(
    caller: Caller, codec: str, encoding: str, text: str, media_type: str
) -> None:
    query = {"file_options[encoding]": encoding}

    imported(caller, text.encode(codec), query, media_type=media_type)

    assert list(Sku.objects.order_by("code").values("code", "name")) == ROWS


def test_a_file_that_is_declared_utf_16_and_is_not_is_refused(caller: Caller) -> None:
    answer = send(caller, CSV + b"C,c", {"file_options[encoding]": "utf-16"})

    assert answer.status in {400, 422}


CHARSET = "text/csv; charset=ISO-8859-2"
POLISH = "code,name\nA,Łódź\n"


def test_a_text_has_the_charset_of_its_media_type(caller: Caller) -> None:
    import_ = imported(caller, POLISH.encode("iso-8859-2"), media_type=CHARSET)

    assert Sku.objects.get().name == "Łódź"
    assert (import_.file or {})["encoding"] == "iso-8859-2"
    assert warnings_log(import_) == {}


def test_file_options_win_over_the_charset(caller: Caller) -> None:
    query = {"file_options[encoding]": "utf-8"}

    imported(caller, POLISH.encode(), query, media_type=CHARSET)

    assert Sku.objects.get().name == "Łódź"


def test_a_text_that_is_not_of_its_charset_is_refused_with_the_line(caller: Caller) -> None:
    answer = send(caller, POLISH.encode("iso-8859-2"), media_type="text/csv; charset=utf-8")

    assert answer.status in {400, 422}
    assert "line 2" in answer.error["detail"]


def test_an_unknown_charset_is_not_supported(caller: Caller) -> None:
    answer = send(caller, CSV, media_type="text/csv; charset=klingon")

    assert answer.status == 415
    assert answer.error["detail"] == "The charset 'klingon' is not known."


@pytest.mark.parametrize("chunk_rows", [1, 100])
def test_rows_that_are_the_same_record_are_named_by_their_lines_too(
    caller: Caller, settings: Settings, chunk_rows: int
) -> None:
    settings.IMPORTS_CHUNK_ROWS = chunk_rows

    import_ = imported(caller, b"code,name\nA,a\n\n\nB,b\nA,c\nB,d\n")

    assert warnings_log(import_) == {
        "A": ["inputs[0] and inputs[2] are the same record (lines 2 and 6)"],
        "B": ["inputs[1] and inputs[3] are the same record (lines 5 and 7)"],
    }


def test_the_body_may_be_packed(caller: Caller) -> None:
    imported(caller, gzip.compress(CSV), Content_Encoding="gzip")
    imported(caller, gzip.compress(gzip.compress(CSV)), Content_Encoding="gzip")
    assert Sku.objects.count() == 2
    assert send(caller, CSV, Content_Encoding="gzip").error["code"] == "MALFORMED_REQUEST"
    assert send(caller, CSV, Content_Encoding="br").status == 415


def test_the_attributes_stand_in_the_query(caller: Caller) -> None:
    query = {
        "dry_run": "true",
        "reference": "",
        "cleanup_limit": "7",
        "metadata[shop]": "west",
        "file_options[decimal]": ",",
        "file_options[columns][SKU]": "code",
        "file_options[columns][Colour]": "",
        "fields[imports]": "dry_run,reference,cleanup_limit,metadata,file_options",
    }
    answer = send(caller, b"SKU;name;weight;Colour\nA;a;1.000;red\n", query)

    assert answer.data["attributes"] == {
        "dry_run": True,
        "reference": None,
        "cleanup_limit": 7,
        "metadata": {"shop": "west"},
        "file_options": {"decimal": ",", "columns": {"SKU": "code", "Colour": None}},
    }
    assert answer.data["meta"]["file"]["columns"] == {
        "SKU": "code",
        "name": "name",
        "weight": "weight",
        "Colour": None,
    }
    import_ = run_to_end(Import.objects.get())
    assert (import_.created_count, warnings_log(import_)) == (1, {})


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"dryrun": "true"}, "'dryrun' - is not known here; the nearest is 'dry_run'"),
        ({"inputs": "x"}, "'inputs' - is not known here"),
        ({"format": "csv"}, "'format' - is not known here"),
        ({"file_options": "x"}, "'file_options' - is not of the form file_options[<member>]"),
        ({"file_options[]": "x"}, "'file_options[]' - is not of the form file_options[<member>]"),
        ({"metadata": "x"}, "'metadata' - is not of the form metadata[<member>]"),
        ({"reference[a]": "x"}, "'reference[a]' - is not of the form reference"),
        ({"metadata[a][b]": "x"}, "'metadata[a][b]' - is not of the form metadata[<member>]"),
        ({"filter[q][id_eq]": "x"}, "'filter[q][id_eq]' - is not known here"),
    ],
)
def test_a_parameter_that_is_no_attribute_is_refused(
    caller: Caller, query: dict[str, str], words: str
) -> None:
    answer = send(caller, CSV, query)

    assert answer.status == 400
    assert answer.error["detail"].startswith(words)
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"resource_type": "mugs"}, "resource_type"),
        ({"resource_type": ""}, "resource_type"),
        ({"dry_run": "yes"}, "dry_run"),
        ({"cleanup_limit": "-1"}, "cleanup_limit"),
        ({"parent_resource_id": "x"}, "parent_resource_id"),
        ({"file_options[decimal]": "x"}, "file_options[decimal]"),
        ({"file_options[sign]": "x"}, "file_options[sign]"),
    ],
)
def test_a_wrong_attribute_is_named_by_its_parameter(
    caller: Caller, query: dict[str, str], parameter: str
) -> None:
    answer = send(caller, CSV, query)

    assert answer.status == 422
    assert answer.error["source"] == {"parameter": parameter}
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("media_type", "status"),
    [("application/vnd.api+json", 400), ("multipart/form-data; boundary=x", 415), ("text/x", 415)],
)
def test_another_media_type_is_refused(caller: Caller, media_type: str, status: int) -> None:
    assert send(caller, CSV, media_type=media_type).status == status
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 422, "can't be blank"),
        (b"SKU Code,Product name\nA,a\n", 422, "SKU Code may be code, Product name may be name"),
        (b"code,name,weight\nA,a,1.000\n", 422, "'1.000' in weight at line 2 is 1 or 1000"),
        (b"code;weight\nA;1,5\n\nB;2.5\n", 422, "'2.5' in weight at line 4"),
        (b"code;name\nA;a\nB,b\n", 422, "by ',' at line 3, and by ';' before"),
        (b"code,name\n\xc3\xa9,a\nB,\xff\n", 422, "not UTF-8 at line 3"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, 400, "a spreadsheet that cannot be read"),
        (b"PK\x03\x04" + b"\0" * 600, 400, "cannot be read"),
        (zipped(a=CSV, b=CSV), 400, "an archive of 2 files"),
        (b"%PDF-1.7", 400, "is a PDF"),
    ],
    ids=map(str, range(10)),
)
def test_a_file_that_can_not_be_taken_says_why(
    caller: Caller, body: bytes, status: int, words: str
) -> None:
    answer = send(caller, body, media_type=ANY)

    assert answer.status == status
    assert words in answer.error["detail"]
    assert not Import.objects.exists()
    assert not ImportChunk.objects.exists()


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_file_is_limited_in_size_packed_or_not(
    caller: Caller, settings: Settings, pack: Any
) -> None:
    settings.IMPORTS_MAX_FILE_BYTES = 1_000
    assert send(caller, pack(b"code\n" + b"1" * 900)).status == 201
    assert send(caller, pack(b"code\n" + b"1" * 1_000)).error["code"] == "PAYLOAD_TOO_LARGE"


def test_a_file_may_be_larger_than_a_document(caller: Caller, settings: Settings) -> None:
    settings.IMPORTS_MAX_REQUEST_BYTES = 100
    assert send(caller, b"code\n" + b"1" * 900).status == 201


@pytest.mark.backend
def test_the_key_of_a_request_counts_for_query_and_unpacked_body(caller: Caller) -> None:
    first = send(caller, CSV, Idempotency_Key="k")
    again = send(caller, gzip.compress(CSV), Idempotency_Key="k", Content_Encoding="gzip")

    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.data["id"] == first.data["id"]
    shown = send(caller, CSV, {"fields[imports]": "status"}, Idempotency_Key="k")
    assert shown.data["id"] == first.data["id"]
    assert list(shown.data["attributes"]) == ["status"]
    assert send(caller, CSV, {"dry_run": "true"}, Idempotency_Key="k").status == 422
    assert send(caller, CSV + b"C,c\n", Idempotency_Key="k").status == 422
    assert Import.objects.count() == 1


def test_a_cleanup_needs_its_scope() -> None:
    caller = Caller(ApiClientFactory.create(scopes="imports:read imports:write"))
    assert send(caller, CSV, {"cleanup_records": "true"}).error["code"] == "FORBIDDEN"
    reader = Caller(ApiClientFactory.create(scopes="imports:read"))
    assert send(reader, CSV).error["code"] == "FORBIDDEN"


@pytest.mark.backend
def test_rows_keep_their_lines_through_chunks_and_retries(
    caller: Caller, settings: Settings
) -> None:
    settings.IMPORTS_CHUNK_ROWS = 2
    body = b'code,name,weight\n\n"A","a\nb",1\nB,b,x\n,,\nC,c,2\nD,d,y\n'
    import_ = imported(caller, body, {"skip_errors": "true"})

    assert list(lines_of(import_.pk)) == [3, 5, 7, 8]
    assert list(errors_log(import_)) == ["B", "D"]
    failures = caller.get(f"/api/imports/{import_.pk}/failures").data
    assert [failure["attributes"]["line"] for failure in failures] == [5, 8]
    retry = caller.post(f"/api/imports/{import_.pk}/retry", b"").data
    assert list(lines_of(retry["id"])) == [5, 8]
    assert retry["attributes"]["inputs"] is None


def test_a_sheet_is_chosen_and_its_cells_keep_their_types(caller: Caller) -> None:
    rows: list[list[Any]] = [
        ["code", "name", "weight", "do_not_ship"],
        [12, 7.0, 1.125, True],
        ["0012", "x", 2, 0],
    ]
    body = workbook(*rows)
    import_ = imported(caller, body, media_type=XLSX)

    assert import_.file is not None
    assert (import_.file["sheet"], errors_log(import_)) == ("Prices", {})
    assert list(
        Sku.objects.order_by("code").values_list("code", "name", "weight", "do_not_ship")
    ) == [("0012", "x", 2, False), ("12", "7", 1.125, True)]
    wrong = send(caller, body, {"file_options[sheet]": "Price"}, media_type=XLSX)
    assert "has no sheet 'Price'; it has Notes, Prices" in wrong.error["detail"]
    path = caller.get(f"/api/imports/{import_.pk}").data["attributes"]["attachment_url"]
    fetched: Any = Client().get(path.removeprefix("http://testserver"))
    text = gzip.decompress(b"".join(fetched.streaming_content)).decode()
    assert text == "code,name,weight,do_not_ship\r\n12,7,1.125,true\r\n0012,x,2,0\r\n"


def test_a_sheet_that_claims_billions_of_cells_is_refused(
    caller: Caller, settings: Settings
) -> None:
    settings.IMPORTS_SHEET_BYTES = 256 * 1024 * 1024
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "code")
        sheet.write(1_048_575, 16_383, "x")

    answer = send(caller, stream.getvalue(), media_type=XLSX)

    assert answer.status == 400
    assert "takes more than 268435456 bytes of memory to read" in answer.error["detail"]


def test_a_formula_without_a_result_fails_its_row(caller: Caller) -> None:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("Ä & B")
        sheet.write_row(0, 0, ["code", "name"])
        sheet.write_row(1, 0, ["A", "a"])
        sheet.write(2, 0, "B")
        sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")

    import_ = imported(caller, stream.getvalue(), {"skip_errors": "true"}, media_type=XLSX)

    assert errors_log(import_) == {"B": {"name": ["is the error #DIV/0! of a spreadsheet"]}}


@pytest.mark.parametrize("number", ["NaN", "inf"])
def test_a_number_that_is_none_fails_its_row(caller: Caller, number: str) -> None:
    stream = BytesIO(workbook(["code", "name", "weight"], ["A", "a", 350], ["B", "b", 0.25]))
    with ZipFile(stream) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = parts["xl/worksheets/sheet2.xml"].replace(b"<v>0.25<", f"<v>{number}<".encode())
    body = zipped(**parts | {"xl/worksheets/sheet2.xml": sheet})

    import_ = imported(caller, body, {"skip_errors": "true"}, media_type=XLSX)

    assert errors_log(import_) == {"B": {"weight": ["is the error #NUM! of a spreadsheet"]}}


@pytest.mark.backend
def test_the_file_is_read_in_flat_memory(caller: Caller, tmp_path: Path) -> None:
    import tracemalloc

    body = b"code,name\n" + b"".join(b"%d,%s\n" % (n, b"x" * 2_000) for n in range(20_000))
    send(caller, CSV)
    tracemalloc.start()
    send(caller, gzip.compress(body), Content_Encoding="gzip")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < len(body) / 2


@pytest.mark.parametrize(
    ("content", "options", "source"),
    [
        (b"colour\nred\n", {}, {"parameter": "file_options[columns]"}),
        (b"name\nMug\n", {}, {"parameter": "file_options[columns]"}),
        (
            b"code,name\nA,Mug\n",
            {"file_options[columns][SKU]": "code"},
            {"parameter": "file_options[columns]"},
        ),
        (b"code,name,weight\nA,Mug,1.000\n", {}, {"parameter": "file_options[decimal]"}),
        (b"code,code\nA,B\n", {}, {"pointer": ""}),
        (b'[{"code": "A"}, 1]', {}, {"pointer": "/1"}),
    ],
)
def test_an_error_about_a_file_says_what_it_is_about(
    caller: Caller, content: bytes, options: dict[str, str], source: dict[str, str]
) -> None:
    path = f"/api/imports?{urlencode({'resource_type': 'skus', **options})}"
    answer = caller.post(path, content, media_type="application/octet-stream")
    assert (answer.status, answer.error["source"]) == (422, source)
