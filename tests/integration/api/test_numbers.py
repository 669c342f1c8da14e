"""A number that nobody can read is refused, and one that is stored breaks no answer."""

import gzip
import json
from collections.abc import Callable

import pytest
from django.test import Client

from imports_app.models import Import, ImportChunk
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import Answer, Caller
from tests.running import run_to_end

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/api/imports"
ROW = '{"code":"A","name":"a","metadata":{"n":%s}}'
DOCUMENT = '{"data":{"type":"imports","attributes":{"resource_type":"skus",%s}}}'
BAD = ["9" * 301, "9" * 5_000, "1e999", "-1E+9999"]


def post(caller: Caller, attributes: str) -> Answer:
    return caller.post(PATH, (DOCUMENT % attributes).encode())


@pytest.mark.once
@pytest.mark.parametrize("number", BAD)
def test_a_long_number_in_a_row_is_refused_at_that_row(caller: Caller, number: str) -> None:
    rows = [ROW % 1, ROW % number, ROW % 2]

    answer = post(caller, f'"inputs":[{",".join(rows)}]')

    assert (answer.status, answer.error["source"]) == (
        422,
        {"pointer": "/data/attributes/inputs/1"},
    )
    assert answer.error["title"].startswith("has a number ")
    assert not Import.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize("number", BAD)
def test_a_long_number_in_the_metadata_is_refused(caller: Caller, number: str) -> None:
    inputs = f'"inputs":[{ROW % 1}],"metadata":{{"n":{number}}}'

    answer = post(caller, inputs)

    assert (answer.status, answer.error["source"]) == (
        422,
        {"pointer": "/data/attributes/metadata"},
    )
    assert answer.error["title"].startswith("has a number ")
    assert not Import.objects.exists()


def test_a_long_number_given_as_text_is_accepted(caller: Caller) -> None:
    answer = post(caller, f'"inputs":[{ROW % json.dumps("9" * 5_000)}]')

    assert answer.status == 201


def test_a_cell_that_holds_it_fails_its_row(caller: Caller) -> None:
    cell = json.dumps({"n": int("9" * 301)}).replace('"', '""')
    text = json.dumps(f'code,name,metadata\nA,a,"{cell}"\n')

    answer = post(caller, f'"format":"csv","skip_errors":true,"inputs":{text}')

    import_ = run_to_end(Import.objects.get(pk=answer.data["id"]))
    assert import_.errors_count == 1


@pytest.fixture
def stored(caller: Caller) -> Import:
    """An import with such a row, which failed."""
    import_: Import = ImportFactory.create(client=caller.client, rows=[{"code": "A", "name": "a"}])
    ImportChunk.objects.update(inputs=f"[{ROW % ('9' * 5_000)}]".encode())
    return run_to_end(import_)


ANSWERS: dict[str, Callable[[Caller, Import], bytes]] = {
    "list": lambda caller, _: caller.get(PATH).content,
    "import": lambda caller, import_: caller.get(f"{PATH}/{import_.pk}").content,
    "failures": lambda caller, import_: caller.get(f"{PATH}/{import_.pk}/failures").content,
    "retry": lambda caller, import_: caller.post(f"{PATH}/{import_.pk}/retry", b"").content,
}


@pytest.mark.parametrize("name", ANSWERS)
def test_stored_it_breaks_no_answer(caller: Caller, stored: Import, name: str) -> None:
    document = json.loads(ANSWERS[name](caller, stored))

    assert "9" * 5_000 in json.dumps(document)


def test_stored_it_breaks_no_attachment(caller: Caller, stored: Import, client: Client) -> None:
    url = caller.get(f"{PATH}/{stored.pk}").data["attributes"]["attachment_url"]

    answer = client.get(url)

    assert json.loads(gzip.decompress(answer.getvalue()))[0]["code"] == "A"
