"""What a type marks secret is nowhere to be read again, however it was sent."""

import gzip
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from imports_app.commerce.models import Sku
from imports_app.models import Import
from tests.integration.api.caller import Caller, import_document
from tests.integration.security.conftest import SECRET_ATTRIBUTE, SecretSkus
from tests.running import run_to_end

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("secret_skus"),
]

SECRET = "hunter2-0f6c1e"
PATH = "/api/imports"
CODE_TOO_LONG = "C" * 300
ROWS = [
    {"code": "SOUND", "name": "a", SECRET_ATTRIBUTE: SECRET},
    {"code": CODE_TOO_LONG, "name": "b", SECRET_ATTRIBUTE: SECRET},
    {"code": "TWICE", "name": "c", SECRET_ATTRIBUTE: SECRET, "unknown": 1},
    {"code": "NUL", "name": "d", SECRET_ATTRIBUTE: f"{SECRET}\0"},
    {"code": "ANOTHER-KIND", "name": "e", SECRET_ATTRIBUTE: [SECRET]},
    {"code": "INSIDE", "name": "f", SECRET_ATTRIBUTE: {SECRET: SECRET}},
]
CSV = f"""code,name,description,weight
SOUND,a,{SECRET},
{CODE_TOO_LONG},b,{SECRET},
C,"c","{SECRET}",heavy
D,d,moved,1,{SECRET}
"""
ESCAPED_NAME = f'{{"code": "X", "nam\\u0065": 1, "desc\\u0072iption": "{SECRET}"}}'.encode()


@pytest.fixture
def everything_logged() -> Iterator[list[str]]:
    """What would be written at the level that is set when nobody sets another."""
    lines: list[str] = []

    class Recorder(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{logging.Formatter().format(record)}")

    recorder = Recorder(logging.INFO)
    loggers = [logging.getLogger(), logging.getLogger("django")]
    for logger in loggers:
        logger.addHandler(recorder)
    yield lines
    for logger in loggers:
        logger.removeHandler(recorder)


def imported(caller: Caller, **attributes: Any) -> tuple[Import, bytes]:
    """The import when it is final, and the answer to its create."""
    answer = caller.post(PATH, import_document(skip_errors=True, **attributes))
    return run_to_end(Import.objects.get(pk=answer.data["id"])), answer.content


def attachment(caller: Caller, import_: Import) -> bytes:
    shown = caller.get(f"{PATH}/{import_.pk}?fields[imports]=attachment_url").data
    parts = urlsplit(shown["attributes"]["attachment_url"])
    response: Any = Client().get(f"{parts.path}?{parts.query}")
    return gzip.decompress(response.getvalue())


def staff_page(import_: Import) -> bytes:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("root"))
    response = client.get(f"/admin/imports_app/import/{import_.pk}/change/")
    assert response.status_code == 200
    return response.content


def everything_readable(caller: Caller, import_: Import) -> Iterator[bytes]:
    """Every page of the API and of the staff that shows something of the import."""
    one = f"{PATH}/{import_.pk}"
    yield caller.get(one).content
    yield caller.get(PATH).content
    yield caller.get(f"{PATH}?filter[q][status_eq]={import_.status}").content
    yield caller.get(f"{one}/failures").content
    yield caller.get(f"{one}/failures", Accept="text/csv").content
    yield caller.patch(one, {"data": {"type": "imports", "id": str(import_.pk)}}).content
    retry = caller.post(f"{one}/retry", b"")
    yield retry.content
    yield caller.get(f"{PATH}/{retry.data['id']}").content
    yield attachment(caller, import_)
    yield attachment(caller, Import.objects.get(pk=retry.data["id"]))
    yield caller.get("/api/skus").content
    yield caller.get("/api/skus?fields[skus]=description,code").content
    yield staff_page(import_)


@pytest.mark.parametrize(
    "attributes", [{"inputs": ROWS}, {"inputs": CSV, "format": "csv"}], ids=["json", "csv"]
)
def test_a_secret_comes_back_nowhere(
    caller: Caller, everything_logged: list[str], attributes: dict[str, Any]
) -> None:
    import_, answer = imported(caller, **attributes)

    assert import_.processed_count >= 1
    assert import_.errors_count >= 2
    assert SECRET.encode() not in answer
    pages = list(everything_readable(caller, import_))
    assert all(b"SOUND" in page or b"CCC" in page or b"skus" in page for page in pages)
    assert [page for page in pages if SECRET.encode() in page] == []
    assert [line for line in everything_logged if SECRET in line] == []


def test_a_secret_under_an_escaped_name_is_hidden_too(caller: Caller) -> None:
    body = b'{"data": {"type": "imports", "attributes": {"resource_type": "skus", "inputs": [%s]}}}'
    answer = caller.post(PATH, body % ESCAPED_NAME)
    import_ = run_to_end(Import.objects.get(pk=answer.data["id"]))

    assert import_.errors_count == 1
    for page in (answer.content, *everything_readable(caller, import_)):
        assert SECRET.encode() not in page


@pytest.mark.once
@pytest.mark.parametrize(
    "name",
    [
        "Description",
        " DE-SCRIPTION",
        "name;description",
        "code\tdescription",
        "x|Description",
        "descripton",
        "descirption",
    ],
)
def test_a_secret_under_a_misspelt_name_is_hidden_too(caller: Caller, name: str) -> None:
    row = {"code": "X", "name": "n", name: SECRET}
    texts: list[dict[str, Any]] = [{"inputs": [row]}]
    if name.isprintable():  # else a CSV can't have such a column
        texts.append({"inputs": f'code,"{name}"\nX,{SECRET}\n', "format": "csv"})
    for attributes in texts:
        import_, answer = imported(caller, **attributes)

        assert import_.processed_count + import_.errors_count == 1
        for page in (answer, *failed_pages(caller, import_)):
            assert SECRET.encode() not in page


def failed_pages(caller: Caller, import_: Import) -> Iterator[bytes]:
    one = f"{PATH}/{import_.pk}"
    yield caller.get(one).content
    yield caller.get(f"{one}/failures").content
    yield caller.get(f"{one}/failures", Accept="text/csv").content
    yield attachment(caller, import_)


@pytest.mark.once
@pytest.mark.parametrize(
    "inputs",
    [
        f"code,description\nA,{SECRET}\n",  # the format was forgotten
        [f"code,description\nA,{SECRET}\n"],
        [[SECRET]],
        {"code": "A", "description": SECRET},
    ],
)
def test_rows_that_are_refused_are_not_sent_back(caller: Caller, inputs: Any) -> None:
    answer = caller.post(PATH, import_document(inputs=inputs))

    assert answer.error["code"] == "VALIDATION_ERROR"
    assert SECRET.encode() not in answer.content


@pytest.mark.once
@pytest.mark.parametrize(
    "query",
    [
        "filter[q][description_eq]=x",
        "filter[q][description_start]=h",
        "filter[q][code_or_description_cont]=h",
        "filter[q][description_null]=true",
        "sort=description",
        "sort=code,-description",
    ],
)
def test_a_secret_can_not_be_guessed_by_filtering_records(caller: Caller, query: str) -> None:
    imported(caller, inputs=ROWS)

    assert caller.get(f"/api/skus?{query}").status == 400


@pytest.mark.once
def test_a_secret_can_not_be_guessed_through_a_relation(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, secret_skus: SecretSkus
) -> None:
    monkeypatch.setattr(secret_skus, "secret", frozenset({"code", "reference"}), raising=False)

    for query in ("filter[q][sku_code_eq]=A", "filter[q][sku_reference_start]=A", "sort=sku_code"):
        assert caller.get(f"/api/prices?{query}").status == 400, query


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL quotes the row")
def test_the_databases_message_about_a_row_is_not_shown(
    caller: Caller, everything_logged: list[str]
) -> None:
    table = f"ALTER TABLE {Sku._meta.db_table}"
    with connection.cursor() as cursor:
        cursor.execute(f"{table} ADD CONSTRAINT refusing CHECK (name <> 'bad') NOT VALID")
        try:
            row = {"code": "SOUND", "name": "bad", SECRET_ATTRIBUTE: SECRET}
            import_, _ = imported(caller, inputs=[row])
        finally:
            cursor.execute(f"{table} DROP CONSTRAINT refusing")

    assert import_.errors_count == 1
    assert not [page for page in everything_readable(caller, import_) if SECRET.encode() in page]
    assert not [line for line in everything_logged if SECRET in line]
