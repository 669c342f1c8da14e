"""The records of a type as a file, which can be changed and imported again."""

import csv
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from imports_app.commerce.models import Sku
from imports_app.importer import Importer
from imports_app.inputs.csv_cells import SIGN
from imports_app.models import Import, Mode
from imports_app.outputs.record_files import xlsx_records
from imports_app.outputs.template import columns_of
from imports_app.outputs.workbook import MAX_ROWS
from imports_app.outputs.workbook import MEDIA_TYPE as XLSX
from imports_app.registry import importers
from tests.factories import factory_for
from tests.factories.commerce import CouponFactory, PriceFactory, SkuFactory
from tests.integration.api.caller import Answer, Caller
from tests.running import counts, row_errors, run_to_end

pytestmark = pytest.mark.django_db

CSV = "text/csv"
# What a database may do to values shows in one kind of file as in the other.
EACH = [CSV, pytest.param(XLSX, marks=pytest.mark.once)]
HOSTILE = [
    "=1+1",
    "'=1+1",
    "+49 30 1234",
    "  blanks  ",
    'a "quote", a comma; a semicolon',
    "two\nlines",
    "return\rand\r\nfeed",
    "#N/A",
    "NULL",
    "0012",
    "8.9E+12",
    "_x0041_",
    "<&>",
    "bell \x07",
    "€ ü 漢 🎈",
    "[1, 2]",
    "1.125",
]


def read(answer: Answer) -> list[list[Any]]:
    assert answer.status == 200, answer.content
    if answer.headers["Content-Type"] == XLSX:
        workbook = CalamineWorkbook.from_filelike(BytesIO(answer.content))
        return workbook.get_sheet_by_index(0).to_python()
    return list(csv.reader(StringIO(answer.content.decode(), newline="")))


def imported(caller: Caller, answer: Answer, type_: str, **query: str) -> Import:
    media_type = answer.headers["Content-Type"].partition(";")[0]
    asked = "&".join(f"{name}={value}" for name, value in {"resource_type": type_, **query}.items())
    made = caller.post(f"/api/imports?{asked}", answer.content, media_type=media_type)
    return run_to_end(Import.objects.get(pk=made.data["id"]))


def make_bare(record: Any) -> None:
    """Takes every value from the record that it can do without."""
    alone = type(record)._default_manager.filter(pk=record.pk)
    for field in record._meta.concrete_fields:
        if field.null:
            with suppress(IntegrityError), transaction.atomic():
                alone.update(**{field.name: None})


@pytest.mark.parametrize("accept", EACH)
@pytest.mark.parametrize("importer", importers, ids=lambda importer: importer.resource_type)
def test_an_export_of_any_type_imports_as_unchanged(
    caller: Caller, importer: Importer, accept: str
) -> None:
    factory = factory_for(importer.model)
    factory.create_batch(2)
    make_bare(factory.create())

    answer = caller.get(f"/api/{importer.resource_type}", Accept=accept)
    import_ = imported(caller, answer, importer.resource_type)

    assert [name for name in read(answer)[0] if name != SIGN] == columns_of(importer)
    assert len(read(answer)) == 1 + importer.model._default_manager.count()
    assert (counts(import_), row_errors(import_)) == ((0, 0, len(read(answer)) - 1, 0), {})


@pytest.mark.parametrize("accept", EACH)
def test_texts_of_all_kinds_come_back_as_they_were(caller: Caller, accept: str) -> None:
    for number, text in enumerate(HOSTILE):
        SkuFactory.create(
            code=f"{text.strip()} {number}", name=text, description=text, metadata={text: text}
        )

    answer = caller.get("/api/skus", Accept=accept)
    import_ = imported(caller, answer, "skus")

    assert counts(import_) == (0, 0, len(HOSTILE), 0)


@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    texts=st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1
    ),
    weight=st.floats(allow_nan=False, allow_infinity=False),
    accept=st.sampled_from([CSV, XLSX]),
)
def test_any_text_and_number_comes_back(
    caller: Caller, texts: list[str], weight: float, accept: str
) -> None:
    Sku.objects.all().delete()
    for number, text in enumerate(texts):
        SkuFactory.create(code=f"C{number}", description=text, weight=weight, metadata={"a": text})

    import_ = imported(caller, caller.get("/api/skus", Accept=accept), "skus")

    assert (counts(import_), row_errors(import_)) == ((0, 0, len(texts), 0), {})


@pytest.mark.parametrize("accept", EACH)
def test_numbers_that_could_be_read_in_two_ways_are_not(caller: Caller, accept: str) -> None:
    SkuFactory.create(weight=1.125)

    import_ = imported(caller, caller.get("/api/skus", Accept=accept), "skus")

    assert counts(import_) == (0, 0, 1, 0)


@pytest.mark.parametrize("accept", EACH)
def test_moments_come_back_to_the_microsecond(caller: Caller, accept: str) -> None:
    CouponFactory.create(expires_at=datetime(2026, 12, 31, 23, 59, 59, 999_999, UTC))

    import_ = imported(caller, caller.get("/api/coupons", Accept=accept), "coupons")

    assert counts(import_) == (0, 0, 1, 0)


@pytest.mark.parametrize("accept", EACH)
def test_an_export_can_be_changed_and_imported(caller: Caller, accept: str) -> None:
    price = PriceFactory.create(amount_cents=1000)
    other = SkuFactory.create()
    answer = caller.get("/api/prices", Accept=accept)
    header, row = read(answer)
    row[header.index("sku_code")] = other.code
    row[header.index("amount_cents")] = "1200"
    text = StringIO(newline="")
    csv.writer(text).writerows([header, row])

    made = caller.post(
        "/api/imports?resource_type=prices", text.getvalue().encode(), media_type="text/csv"
    )
    run_to_end(Import.objects.get(pk=made.data["id"]))

    price.refresh_from_db()
    assert (price.amount_cents, price.sku) == (1200, other)


@pytest.mark.parametrize("accept", EACH)
def test_filters_order_and_columns_hold_for_the_file(caller: Caller, accept: str) -> None:
    for code in ("B", "A", "C", "X"):
        SkuFactory.create(code=code)

    answer = caller.get(
        "/api/skus?filter[q][code_in]=A,B,C&sort=-code&fields[skus]=code,id,nonsense", Accept=accept
    )

    header, *rows = read(answer)
    assert header == ["code", "id"]
    assert [row[0] for row in rows] == ["C", "B", "A"]


@pytest.mark.once
def test_a_file_has_no_pages(caller: Caller) -> None:
    SkuFactory.create_batch(3)

    assert len(read(caller.get("/api/skus?page[size]=1", Accept=CSV))) == 4


@pytest.mark.once
def test_a_file_has_a_name(caller: Caller) -> None:
    for accept, name in ((CSV, "skus.csv"), (XLSX, "skus.xlsx")):
        answer = caller.get("/api/skus", Accept=accept)
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_file_has_nothing_of_the_other_mode(caller: Caller) -> None:
    SkuFactory.create(mode=Mode.LIVE)

    assert len(read(caller.get("/api/skus", Accept=CSV))) == 1


@pytest.mark.once
def test_secrets_are_left_empty(caller: Caller) -> None:
    factory_for(importers.get("customer_payment_sources").model).create(customer_token="s3cret")

    header, row = read(caller.get("/api/customer_payment_sources", Accept=CSV))

    assert row[header.index("customer_token")] == ""


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("include=shipping_category", "include"),
        ("filter[q][nonsense_eq]=1", "filter[q][nonsense_eq]"),
        ("sort=nonsense", "sort"),
        ("nonsense=1", "nonsense"),
    ],
)
@pytest.mark.once
def test_a_parameter_that_files_do_not_have_is_a_400(
    caller: Caller, query: str, parameter: str
) -> None:
    assert caller.get(f"/api/skus?{query}", Accept=CSV).error["source"] == {"parameter": parameter}


@pytest.mark.once
def test_only_listings_are_files(caller: Caller) -> None:
    sku = SkuFactory.create()

    assert caller.get(f"/api/skus/{sku.pk}", Accept=CSV).status == 406
    assert caller.get("/api/imports", Accept=CSV).status == 406


@pytest.mark.once
def test_a_client_that_accepts_anything_gets_the_document(caller: Caller) -> None:
    assert caller.get("/api/skus", Accept="text/csv;q=0.5, */*").data == []


@pytest.mark.once
def test_more_records_than_a_sheet_has_rows_are_a_406(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(xlsx_records.__globals__, "MAX_ROWS", 2)
    SkuFactory.create_batch(2)

    error = caller.get("/api/skus", Accept=XLSX).error

    assert error["status"] == "406"
    assert "CSV" in error["detail"]
    assert MAX_ROWS == 2**20


def test_a_record_that_is_destroyed_meanwhile_is_left_out(caller: Caller) -> None:
    SkuFactory.create_batch(2)
    response = caller.send("GET", "/api/skus", Accept=CSV)
    Sku.objects.first().delete()  # type: ignore[union-attr]

    assert len(response.getvalue().splitlines()) == 2


@pytest.mark.once
def test_a_value_that_became_a_formula_meanwhile_is_left_empty(caller: Caller) -> None:
    SkuFactory.create(name="harmless")
    response = caller.send("GET", "/api/skus?fields[skus]=name", Accept=CSV)
    Sku.objects.update(name="=1+1")

    assert response.getvalue() == b'name\r\n""\r\n'


def test_decimals_keep_their_digits() -> None:
    from imports_app.outputs.record_files import _text
    from imports_app.outputs.sheet_rows import _cell

    assert _text(Decimal("1.125"), quoted=False) == "1.1250"
    assert _text(Decimal("1E+2"), quoted=False) == "100"
    assert _cell("A1", Decimal("0.1234567890123456789")).startswith('<c r="A1" t="inlineStr">')
