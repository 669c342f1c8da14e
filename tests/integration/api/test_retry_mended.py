"""Retries that carry the failed rows, mended."""

import csv
import json
from io import BytesIO, StringIO
from typing import Any

import pytest
import xlsxwriter

from imports_app.commerce.models import Customer, Sku
from imports_app.models import Import
from imports_app.models.status import Status
from imports_app.outputs.workbook import MEDIA_TYPE as XLSX
from imports_app.storage.lines import lines_of
from tests.integration.api.caller import Answer, Caller, import_document
from tests.running import counts, row_errors, run_to_end

pytestmark = pytest.mark.django_db

ROWS = [{"code": "A", "name": "a"}, {"code": "B"}, {"code": "C", "name": "c"}, {"code": "D"}]
FILE = "code;name;weight\nA;a;1,5\nB;;1\nC;c;2,5\nD;;1\n"


def first_of(caller: Caller, **attributes: Any) -> Import:
    """An import at its end: of four rows the second and the last fail."""
    options = {"inputs": ROWS, "skip_errors": True, **attributes}
    made = caller.post("/api/imports", import_document(**options))
    return run_to_end(Import.objects.get(pk=made.data["id"]))


def first_of_file(caller: Caller, text: str = FILE, query: str = "&skip_errors=true") -> Import:
    path = f"/api/imports?resource_type=skus{query}"
    made = caller.post(path, text.encode(), media_type="text/csv")
    return run_to_end(Import.objects.get(pk=made.data["id"]))


def retry(caller: Caller, first: Import, **attributes: Any) -> Answer:
    document = {"data": {"type": "imports", "attributes": attributes}}
    return caller.post(f"/api/imports/{first.pk}/retry", document)


def retry_file(
    caller: Caller, first: Import, body: bytes, query: str = "", media_type: str = "text/csv"
) -> Answer:
    path = f"/api/imports/{first.pk}/retry{query}"
    return caller.post(path, body, media_type=media_type)


def ended(answer: Answer) -> Import:
    return run_to_end(Import.objects.get(pk=answer.data["id"]))


def meta(caller: Caller, first: Import) -> Any:
    return caller.get(f"/api/imports/{first.pk}").data["meta"]


def test_mended_rows_stand_for_those_that_failed(caller: Caller) -> None:
    first = first_of(caller)

    answer = retry(
        caller,
        first,
        inputs=[{"index": 1, "code": "B", "name": "b"}, {"index": 3, "code": "D", "name": "d"}],
    )

    assert answer.status == 201
    assert answer.data["attributes"]["inputs"] == [
        {"code": "B", "name": "b"},
        {"code": "D", "name": "d"},
    ]
    assert answer.data["meta"]["retry_of"] == str(first.pk)
    assert counts(ended(answer)) == (2, 0, 0, 0)
    assert meta(caller, first)["mended"] == 2
    assert dict(Sku.objects.values_list("code", "name")) == {"A": "a", "B": "b", "C": "c", "D": "d"}


def test_rows_that_are_not_named_stay_failed(caller: Caller) -> None:
    first = first_of(caller)

    retried = ended(retry(caller, first, inputs=[{"index": 3, "code": "D", "name": "d"}]))

    assert (retried.inputs_size, counts(retried)) == (1, (1, 0, 0, 0))
    assert meta(caller, first)["mended"] == 1
    assert not Sku.objects.filter(code="B").exists()


def test_without_rows_nothing_is_mended(caller: Caller) -> None:
    first = first_of(caller)

    retry(caller, first)

    assert "mended" not in meta(caller, first)


@pytest.mark.once
@pytest.mark.parametrize(
    ("row", "error"),
    [
        ({"code": "B", "name": "b"}, "blank"),
        ({"index": None, "code": "B", "name": "b"}, "blank"),
        ({"index": "x", "code": "B", "name": "b"}, "blank"),
        ({"index": True, "code": "B", "name": "b"}, "blank"),
        ({"index": 1e300, "code": "B", "name": "b"}, "blank"),
        ({"index": -1, "code": "B", "name": "b"}, "blank"),
        ({"index": [1], "code": "B", "name": "b"}, "blank"),
        ({"index": 0, "code": "B", "name": "b"}, "unknown"),
        ({"index": 4, "code": "B", "name": "b"}, "unknown"),
        ({"line": 3, "code": "B", "name": "b"}, "unknown"),
        ({"index": 3, "code": "B", "name": "b"}, "taken"),
    ],
)
def test_a_row_that_stands_for_none_that_failed_is_a_422(
    caller: Caller, row: dict[str, Any], error: str
) -> None:
    first = first_of(caller)

    refusal = retry(caller, first, inputs=[{"index": 3, "code": "D", "name": "d"}, row]).error

    assert refusal["status"] == "422"
    assert refusal["source"] == {"pointer": "/data/attributes/inputs/1"}
    assert refusal["meta"]["error"] == error
    assert not first.retries.exists()
    assert "mended" not in meta(caller, first)


def test_a_dry_run_checks_the_rows_and_is_not_the_retry(caller: Caller) -> None:
    first = first_of(caller)
    rows = [{"index": 1, "code": "B", "name": "b"}, {"index": 3, "code": "D"}]

    checked = ended(retry(caller, first, inputs=rows, dry_run=True))
    again = ended(retry(caller, first, inputs=rows[:1], dry_run="true"))

    assert (counts(checked), list(row_errors(checked))) == ((1, 0, 0, 1), [1])
    assert (again.dry_run, counts(again)) == (True, (1, 0, 0, 0))
    assert "mended" not in meta(caller, first)
    assert meta(caller, checked)["retry_of"] == str(first.pk)
    assert not Sku.objects.filter(code="B").exists()
    real = retry(caller, first, inputs=rows[:1])
    assert real.status == 201
    assert not real.data["attributes"]["dry_run"]
    assert retry(caller, first).error["meta"]["retry"] == real.data["id"]


def test_all_failed_rows_can_be_checked_as_they_were(caller: Caller) -> None:
    first = first_of(caller)

    checked = ended(retry(caller, first, dry_run=True))

    assert (checked.inputs_size, checked.dry_run, counts(checked)) == (2, True, (0, 0, 0, 2))
    assert retry(caller, first).status == 201


def test_a_check_can_be_made_when_there_is_a_retry(caller: Caller) -> None:
    first = first_of(caller)
    retry(caller, first)

    assert retry(caller, first, dry_run=True).status == 201


def test_rows_that_the_import_never_came_to_go_along(caller: Caller) -> None:
    first = first_of(caller, skip_errors=False)
    assert (first.status, first.rows_done) == (Status.INTERRUPTED, 2)

    answer = retry(caller, first, inputs=[{"index": 1, "code": "B", "name": "b"}])

    assert answer.data["attributes"]["inputs"] == [{"code": "B", "name": "b"}, ROWS[2], ROWS[3]]
    assert answer.data["attributes"]["inputs_size"] == 3


def test_the_rows_of_all_or_nothing_go_along_too(caller: Caller) -> None:
    first = first_of(caller, all_or_nothing=True)
    rows = [{"index": 1, "code": "B", "name": "b"}, {"index": 3, "code": "D", "name": "d"}]

    retried = ended(retry(caller, first, inputs=rows))

    assert (retried.all_or_nothing, counts(retried)) == (True, (4, 0, 0, 0))


@pytest.mark.once
def test_mended_rows_may_be_resources(caller: Caller) -> None:
    first = first_of(caller)
    data = [{"type": "skus", "index": 1, "code": "B", "name": "b"}]
    document = {"data": {"type": "imports", "relationships": {"inputs": {"data": data}}}}

    answer = caller.post(f"/api/imports/{first.pk}/retry", document)

    assert answer.data["attributes"]["inputs"] == [{"code": "B", "name": "b"}]


@pytest.mark.once
def test_mended_rows_may_be_a_csv(caller: Caller) -> None:
    first = first_of(caller)

    retried = ended(retry(caller, first, format="csv", inputs="index,code,name\n1,B,b\n3,D,d\n"))

    assert (retried.format, counts(retried)) == ("csv", (2, 0, 0, 0))
    assert retried.warnings_count == 0


def test_the_file_of_failures_is_understood_when_it_comes_back(caller: Caller) -> None:
    first = first_of_file(caller)
    failures = caller.get(f"/api/imports/{first.pk}/failures", Accept="text/csv").content
    header, *rows = csv.reader(StringIO(failures.decode(), newline=""), delimiter=";")
    assert header == ["code", "name", "weight", "line", "errors"]
    assert [row[3] for row in rows] == ["3", "5"]
    rows[0][1], rows[0][2] = "b", "7,25"
    mended = StringIO(newline="")
    csv.writer(mended, delimiter=";").writerows([header, *rows])

    answer = retry_file(caller, first, mended.getvalue().encode())
    retried = ended(answer)

    assert answer.data["attributes"]["inputs"] is None
    assert (counts(retried), retried.warnings_count) == ((1, 0, 0, 1), 0)
    assert Sku.objects.get(code="B").weight == 7.25
    assert list(lines_of(retried.pk)) == [3, 5]
    [failure] = caller.get(f"/api/imports/{retried.pk}/failures").data
    assert (failure["attributes"]["line"], failure["attributes"]["index"]) == (5, 1)
    assert meta(caller, first)["mended"] == 2


@pytest.mark.once
def test_numbers_are_read_as_those_of_the_import(caller: Caller) -> None:
    first = first_of_file(caller)

    retried = ended(retry_file(caller, first, b'line,code,name,weight\n3,B,b,"1,125"\n'))

    assert counts(retried) == (1, 0, 0, 0)
    assert Sku.objects.get(code="B").weight == 1.125


@pytest.mark.once
def test_another_decimal_sign_is_refused_if_unprocessed_rows_have_the_first(
    caller: Caller,
) -> None:
    first = first_of_file(caller, query="")
    assert first.status == Status.INTERRUPTED

    error = retry_file(caller, first, b"line,code,name\n3,B,b\n", "?file_options[decimal]=.").error

    assert (error["status"], error["source"]) == ("422", {"parameter": "file_options[decimal]"})


@pytest.mark.once
def test_a_spreadsheet_can_be_sent(caller: Caller) -> None:
    first = first_of_file(caller)
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["line", "code", "name", "errors"])
        sheet.write_row(1, 0, [5, "D", "d", "name can't be blank"])

    retried = ended(retry_file(caller, first, stream.getvalue(), "?dry_run=true", XLSX))

    assert (retried.dry_run, counts(retried)) == (True, (1, 0, 0, 0))
    assert list(lines_of(retried.pk)) == [5]


@pytest.mark.once
@pytest.mark.parametrize("media_type", ["application/x-ndjson", "application/json"])
def test_json_can_be_sent_as_a_file(caller: Caller, media_type: str) -> None:
    first = first_of(caller)
    row = {"index": 1, "code": "B", "name": "b"}
    body = json.dumps(row if media_type.endswith("ndjson") else [row]).encode()

    answer = retry_file(caller, first, body, "?resource_type=skus", media_type)

    assert counts(ended(answer)) == (1, 0, 0, 0)


def test_json_rows_mend_those_of_a_file(caller: Caller) -> None:
    first = first_of_file(caller, query="")
    rows = [{"line": 3, "code": "B", "name": "b", "weight": 7.25, "metadata": {"a": "b"}}]

    retried = ended(retry(caller, first, inputs=rows))

    assert (retried.inputs_size, counts(retried)[0]) == (3, 2)
    sku = Sku.objects.get(code="B")
    assert (sku.weight, sku.metadata) == (7.25, {"a": "b"})
    assert Sku.objects.get(code="C").weight == 2.5
    assert list(lines_of(retried.pk)) == [3, 4, 5]


@pytest.mark.once
def test_a_file_names_the_line_of_a_row_that_stands_for_none(caller: Caller) -> None:
    first = first_of_file(caller)

    error = retry_file(caller, first, b"line,code,name\n3,B,b\n4,C,c\n").error

    assert "line 3 - " in error["detail"]
    assert (error["meta"]["line"], error["meta"]["index"]) == (3, 1)


@pytest.mark.once
@pytest.mark.parametrize(
    ("query", "status", "parameter"),
    [
        ("?skip_errors=true", "400", "skip_errors"),
        ("?resource_type=prices", "400", "resource_type"),
        ("?file_options[decimal]=x", "422", "file_options[decimal]"),
        ("?dry_run=x", "422", "dry_run"),
        ("?nonsense=1", "400", "nonsense"),
    ],
)
def test_an_attribute_that_a_retry_does_not_accept_is_refused(
    caller: Caller, query: str, status: str, parameter: str
) -> None:
    first = first_of_file(caller)

    error = retry_file(caller, first, b"line,code,name\n3,B,b\n", query).error

    assert (error["status"], error["source"]) == (status, {"parameter": parameter})


@pytest.mark.once
@pytest.mark.parametrize("name", ["skip_errors", "reference", "cleanup_records", "nonsense"])
def test_an_attribute_that_a_retry_keeps_can_not_be_given(caller: Caller, name: str) -> None:
    error = retry(caller, first_of(caller), **{name: True}).error

    assert (error["status"], error["source"]) == ("422", {"pointer": f"/data/attributes/{name}"})


@pytest.mark.once
def test_a_secret_that_nobody_was_given_comes_back(caller: Caller) -> None:
    rows = [{"email": "a@example.com", "password": "s3cret-word", "customer_group_name": "none"}]
    first = first_of(caller, resource_type="customers", inputs=rows)
    [failure] = caller.get(f"/api/imports/{first.pk}/failures").data
    mended = {**failure["attributes"]["input"], "index": 0, "customer_group_name": None}
    assert "password" not in mended

    assert counts(ended(retry(caller, first, inputs=[mended]))) == (1, 0, 0, 0)

    assert Customer.objects.get().password


def test_the_same_key_with_the_same_rows_makes_one_retry(caller: Caller) -> None:
    first = first_of_file(caller)
    path = f"/api/imports/{first.pk}/retry"
    body = b"line,code,name\n3,B,b\n"

    made = caller.post(path, body, media_type="text/csv", Idempotency_Key="k")
    again = caller.post(path, body, media_type="text/csv", Idempotency_Key="k")
    other = caller.post(path, body + b"5,D,d\n", media_type="text/csv", Idempotency_Key="k")

    assert made.data["id"] == again.data["id"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert other.status == 422
