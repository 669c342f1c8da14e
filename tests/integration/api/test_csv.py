"""An import sent as a CSV, from its request to its end."""

import json
from typing import Any

import pytest
from pytest_django import Settings

from imports_app.commerce.models import Customer, Price, Sku
from imports_app.engine.running.run import run_slice
from imports_app.models import Import
from imports_app.models.status import Status
from imports_app.queue import transitions
from imports_app.queue.scheduling import Lease
from imports_app.registry import importers
from imports_app.storage.log import errors_log, warnings_log
from tests.factories.commerce import PriceListFactory, SkuFactory
from tests.integration.api.caller import Answer, Caller, import_document
from tests.running import run_to_end

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PATH = "/api/imports"


def create(caller: Caller, text: Any, **attributes: Any) -> Answer:
    return caller.post(PATH, import_document(format="csv", inputs=text, **attributes))


def imported(caller: Caller, text: str, **attributes: Any) -> Import:
    answer = create(caller, text, **attributes)
    assert answer.status == 201, answer.content
    return run_to_end(Import.objects.get(pk=answer.data["id"]))


def test_the_answer_has_the_rows_as_objects_of_their_cells(caller: Caller) -> None:
    answer = create(caller, '\ufeffcode,name,weight\r\n007,"a\nb",1.50\r\n\r\nB,,\r\n')
    rows = [{"code": "007", "name": "a\nb", "weight": "1.50"}, {"code": "B"}]
    assert answer.status == 201
    for shown in (answer, caller.get(f"{PATH}/{answer.data['id']}")):
        assert shown.data["attributes"]["inputs"] == rows
        assert shown.data["attributes"]["inputs_size"] == 2
        assert shown.data["attributes"]["format"] == "csv"


@pytest.mark.backend
def test_cells_are_cast_to_what_their_attributes_take(caller: Caller) -> None:
    import_ = imported(
        caller,
        "code,name,pieces_per_pack,weight,do_not_ship,do_not_track,metadata,description\n"
        '007,7,12,1.5,true,FALSE,"{""a"": [1]}",true\n',
    )
    assert (import_.status, errors_log(import_)) == (Status.COMPLETED, {})
    sku = Sku.objects.get()
    assert (sku.code, sku.name, sku.description) == ("007", "7", "true")
    assert (sku.pieces_per_pack, sku.weight) == (12, 1.5)
    assert (sku.do_not_ship, sku.do_not_track) == (True, False)
    assert sku.metadata == {"a": [1]}


@pytest.mark.backend
def test_a_dotted_header_is_a_nested_attribute(caller: Caller) -> None:
    imported(caller, "code,name,metadata.size.eu,metadata.color\nA,a,42,red\n")
    assert Sku.objects.get().metadata == {"size": {"eu": "42"}, "color": "red"}


@pytest.mark.backend
def test_relations_and_a_parent_work_as_in_json(caller: Caller) -> None:
    parent = PriceListFactory.create(mode=caller.mode)
    SkuFactory.create(mode=caller.mode, code="007")
    imported(
        caller,
        'sku_code,amount_cents,rules\n007,1000,"{""a"":1}"\n',
        resource_type="prices",
        parent_resource_id=str(parent.pk),
    )
    price = Price.objects.get()
    assert (price.sku.code, price.amount_cents, price.rules) == ("007", 1000, {"a": 1})


@pytest.mark.backend
def test_an_empty_cell_leaves_the_value_as_it_is(caller: Caller) -> None:
    SkuFactory.create(mode=caller.mode, code="A", name="old", description="kept")
    import_ = imported(caller, 'code,name,description\nA,new,""\n')
    sku = Sku.objects.get()
    assert (sku.name, sku.description, import_.updated_count) == ("new", "kept", 1)


def test_a_cell_that_can_not_be_cast_fails_its_row_and_says_what_is_wanted(caller: Caller) -> None:
    columns = ("code", "name", "pieces_per_pack", "weight", "do_not_ship", "metadata")
    cells = {
        "pieces_per_pack": ("1.5", "x", "9" * 30),
        "weight": ("heavy", "1e999"),
        "do_not_ship": ("maybe",),
        "metadata": ("{a}", "[1]"),
    }
    rows = [{name: cell} for name, bad in cells.items() for cell in bad]
    lines = [
        ",".join({"code": f"S{n}", "name": "x", **row}.get(c, "") for c in columns)
        for n, row in enumerate(rows)
    ]
    as_csv = imported(caller, "\n".join([",".join(columns), *lines]), skip_errors=True)
    assert errors_log(as_csv) == {
        "S0": {"pieces_per_pack": ["must be an integer, such as 12, and is '1.5'"]},
        "S1": {"pieces_per_pack": ["must be an integer, such as 12, and is 'x'"]},
        "S2": {"pieces_per_pack": ["must be less than or equal to 2147483647"]},
        "S3": {"weight": ["is not a number: 'heavy'; write one such as 12.5"]},
        "S4": {"weight": ["is not a number: '1e999'; write one such as 12.5"]},
        "S5": {
            "do_not_ship": ["must be true or false (1 or 0, yes or no, y or n), and is 'maybe'"]
        },
        "S6": {"metadata": ["must be an object"]},
        "S7": {"metadata": ["must be an object"]},
    }
    assert not Sku.objects.exists()


def test_a_row_with_too_many_cells_fails_and_the_others_go_on(caller: Caller) -> None:
    import_ = imported(caller, "code,name\nA,a\nB,b,c\nC,c\n", skip_errors=True)
    assert errors_log(import_) == {"B": {"base": ["has more cells than there are columns"]}}
    assert (import_.processed_count, import_.errors_count) == (2, 1)
    assert set(Sku.objects.values_list("code", flat=True)) == {"A", "C"}


@pytest.mark.backend
def test_a_nul_in_a_cell_fails_its_row(caller: Caller) -> None:
    import_ = imported(caller, 'code,name,metadata\nA,a\0,\nB,b,"{""x"": ""\\u0000""}"\n')
    log = errors_log(import_)
    assert {name for errors in log.values() for name in errors} == {"name"}
    import_ = imported(caller, 'code,name,metadata\nB,b,"{""x"": ""\\u0000""}"\n')
    assert errors_log(import_) == {"B": {"metadata": ["contains a null character"]}}


def test_an_unknown_column_is_one_warning_and_the_rest_of_its_rows_is_imported(
    caller: Caller, settings: Settings
) -> None:
    settings.IMPORTS_CHUNK_ROWS = 2
    rows = "".join(f"S{n},a,{n},x,is bad\n" for n in range(7))
    import_ = imported(caller, f"code,name,colour,extra.size,errors\n{rows}")
    assert (import_.status, import_.created_count, import_.errors_count) == ("completed", 7, 0)
    assert import_.warnings_count == 3
    assert warnings_log(import_) == {
        "import": [
            "the column colour is unknown and was ignored",
            "the column extra.size is unknown and was ignored",
            "the column errors is unknown and was ignored",
        ]
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.backend
def test_a_worker_that_goes_on_does_not_repeat_a_warning(
    caller: Caller, settings: Settings
) -> None:
    settings.IMPORTS_CHUNK_ROWS = 1
    answer = create(caller, "code,name,colour,size\nA,a,red,\nB,b,blue,7\nC,c,red,8\n")
    import_ = Import.objects.get(pk=answer.data["id"])
    slices = 0
    while import_.status in (Status.PENDING, Status.IN_PROGRESS):
        token = transitions.claim(import_.pk)
        assert token is not None
        run_slice(Lease(import_.pk, token), stop=lambda: True)
        import_.refresh_from_db()
        slices += 1
    assert slices == 3
    assert import_.warnings_count == 2
    assert warnings_log(import_) == {
        "import": [
            "the column colour is unknown and was ignored",
            "the column size is unknown and was ignored",
        ]
    }


@pytest.mark.backend
def test_a_dry_run_warns_too(caller: Caller) -> None:
    import_ = imported(caller, "code,name,colour\nA,a,red\nB,b,blue\n", dry_run=True)
    assert (import_.created_count, import_.warnings_count) == (2, 1)
    assert list(warnings_log(import_)) == ["import"]
    assert not Sku.objects.exists()


def test_an_unknown_attribute_of_json_fails_its_row_still(caller: Caller) -> None:
    answer = caller.post(PATH, import_document(inputs=[{"code": "A", "name": "a", "colour": "x"}]))
    import_ = run_to_end(Import.objects.get(pk=answer.data["id"]))
    assert errors_log(import_) == {"A": {"colour": ["is unknown"]}}
    assert import_.warnings_count == 0


def test_a_type_column_is_no_unknown_one(caller: Caller) -> None:
    import_ = imported(caller, "type,code,name\nskus,A,a\nprices,B,b\n", skip_errors=True)
    assert warnings_log(import_) == {}
    assert errors_log(import_) == {"B": {"type": ["is unknown"]}}


@pytest.mark.backend
def test_emails_are_cast_to_lower_case_and_matched(caller: Caller) -> None:
    imported(caller, "email\nA@Example.com\n", resource_type="customers")
    again = imported(caller, "email,reference\na@example.com,r\n", resource_type="customers")
    assert (again.updated_count, Customer.objects.get().email) == (1, "a@example.com")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('code,name\nA,"a\nB,b\n', "at line 2"),
        ('code,name\nA,a\nB,b"b\n', "at line 3"),
        ("code,code\nA,a\n", "more than once"),
        ("code,\nA,a\n", "without a name"),
        ("code,name\n", "no rows"),
        ("", "can't be blank"),
        ([{"code": "A"}], "must be a string"),
        (None, "can't be blank"),
    ],
)
def test_text_that_is_not_csv_is_refused(caller: Caller, text: Any, words: str) -> None:
    answer = create(caller, text)
    assert answer.status == 422
    assert answer.error["source"] == {"pointer": "/data/attributes/inputs"}
    assert words in answer.error["title"]
    assert not Import.objects.exists()


@pytest.mark.parametrize("format_", [None, "json"])
def test_a_string_of_inputs_without_the_format_is_refused(
    caller: Caller, format_: str | None
) -> None:
    answer = caller.post(PATH, import_document(inputs="code\nA\n", format=format_))
    assert answer.status == 422
    assert answer.error["source"] == {"pointer": "/data/attributes/inputs"}


def test_a_csv_may_stand_in_the_relationship_too(caller: Caller) -> None:
    body = import_document(format="csv")
    del body["data"]["attributes"]["inputs"]
    body["data"]["relationships"] = {"inputs": {"data": "code,name\nA,a\n"}}
    assert caller.post(PATH, body).data["attributes"]["inputs"] == [{"code": "A", "name": "a"}]


def test_secrets_do_not_come_back_in_surplus_cells(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importers.get("skus"), "secret", frozenset({"name"}), raising=False)
    answer = create(caller, "code,name\nA,hunter,2\n")
    assert answer.data["attributes"]["inputs"] == [{"code": "A"}]
    assert json.loads(caller.get(f"{PATH}/{answer.data['id']}").content)["data"]["attributes"][
        "inputs"
    ] == [{"code": "A"}]


def failed_rows_of(caller: Caller, import_: Import) -> str:
    answer = caller.get(f"{PATH}/{import_.pk}/failures", Accept="text/csv")
    assert answer.status == 200, answer.content
    return answer.content.decode()


def test_a_file_of_failed_rows_is_mended_and_sent_again(caller: Caller) -> None:
    rows = [
        {"code": "=A", "name": "-x", "weight": "heavy", "metadata": {"a": "@b", "c": {"d": "'=e"}}},
        {"code": "B", "name": "", "description": 'two\nlines, "quoted"'},
        {"code": "C", "name": "", "do_not_ship": True, "pieces_per_pack": 7},
    ]
    sent = caller.post(PATH, import_document(inputs=rows, skip_errors=True))
    failed = run_to_end(Import.objects.get(pk=sent.data["id"]))
    assert failed.errors_count == 3
    mended = failed_rows_of(caller, failed).replace("heavy", "2.5")
    mended = mended.replace("B,,", "B,b,").replace("C,,", "C,c,")
    again = imported(caller, mended)
    assert (again.created_count, errors_log(again)) == (3, {})
    assert warnings_log(again) == {"import": ["the column errors is unknown and was ignored"]}
    first, second, third = Sku.objects.order_by("code")
    assert (first.code, first.name, first.weight) == ("=A", "-x", 2.5)
    assert first.metadata == {"a": "@b", "c": {"d": "'=e"}}
    assert (second.code, second.name) == ("B", "b")
    assert (third.do_not_ship, third.pieces_per_pack) == (True, 7)
    assert second.description == 'two\nlines, "quoted"'


def test_cells_beyond_the_header_stand_behind_the_errors_in_a_file_of_failed_rows(
    caller: Caller,
) -> None:
    import_ = imported(caller, "code,name\nA,a,=b,c\n", skip_errors=True)
    text = failed_rows_of(caller, import_)
    errors = "base has more cells than there are columns"
    assert text == f"code,name,line,_formulas_quoted,errors\r\nA,a,2,,{errors},'=b,c\r\n"
    assert imported(caller, text, skip_errors=True).errors_count == 1
    assert imported(caller, text.replace(",'=b,c", "")).created_count == 1


def test_an_attribute_of_json_without_a_name_is_no_column(caller: Caller) -> None:
    rows = [{"code": "A", "": 7}, {"code": "B", "": [7]}]
    sent = caller.post(PATH, import_document(inputs=rows, skip_errors=True))
    failed = run_to_end(Import.objects.get(pk=sent.data["id"]))
    assert failed_rows_of(caller, failed).splitlines()[0] == "code,errors"


@pytest.mark.backend
def test_a_mended_file_keeps_what_is_no_text_inside_metadata(caller: Caller) -> None:
    metadata = {"a": 1, "b": [True, None], "c": {"d": "x", "e": ""}, "f.g": "h"}
    rows = [{"code": "A", "metadata": metadata}, {"code": "B", "metadata": {"a": "1"}}]
    sent = caller.post(PATH, import_document(inputs=rows, skip_errors=True))
    failed = run_to_end(Import.objects.get(pk=sent.data["id"]))
    lines = failed_rows_of(caller, failed).replace("errors", "name", 1)
    again = imported(caller, lines)
    assert (again.created_count, errors_log(again)) == (2, {})
    assert [sku.metadata for sku in Sku.objects.order_by("code")] == [metadata, {"a": "1"}]
