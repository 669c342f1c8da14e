"""What a client writes comes back as data, never as a header, a page, a path or a formula."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from imports_app.addresses import address
from imports_app.registry import importers
from tests.integration.api.caller import Caller, import_document
from tests.running import run_import

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

PATH = "/api/imports"
SPLITTING = "x\r\nSet-Cookie: stolen=1\r\n\r\n<script>alert(1)</script>"


def assert_own_headers_only(headers: Any) -> None:
    assert "Set-Cookie" not in headers
    assert not any("\n" in value or "\r" in value for value in headers.values())
    assert headers["Content-Type"].partition(";")[0] in (
        "application/vnd.api+json",
        "application/json",
        "text/csv",
    )


def test_labels_reach_no_header(caller: Caller) -> None:
    labels = {
        "reference": SPLITTING,
        "reference_origin": SPLITTING,
        "metadata": {SPLITTING: SPLITTING},
    }
    answer = caller.post(PATH, import_document(**labels))
    assert_own_headers_only(answer.headers)
    assert answer.data["attributes"]["reference"] == SPLITTING
    one = f"{PATH}/{answer.data['id']}"
    for path in (one, PATH, f"{one}/failures"):
        assert_own_headers_only(caller.get(path).headers)


@pytest.mark.parametrize("key", ["a\r\nSet-Cookie: x=1", "a\nb", "\x1b[31m", "\x00"])
def test_an_idempotency_key_has_no_lines(caller: Caller, key: str) -> None:
    answer = caller.post(PATH, import_document(), Idempotency_Key=key)
    assert answer.status == 400
    assert_own_headers_only(answer.headers)


def test_an_idempotency_key_comes_back_in_no_header(caller: Caller) -> None:
    key = "<script>é\"'"
    for _ in range(2):
        answer = caller.post(PATH, import_document(), Idempotency_Key=key)
        assert key not in str(answer.headers)
    assert caller.post(PATH, import_document(reference="x"), Idempotency_Key=key).status == 422


@pytest.mark.parametrize(
    "path",
    [
        "/api/..%2f..%2fetc%2fpasswd",
        "/api/skus/..%2f..%2fimports",
        "/api/skus/%2e%2e/imports",
        "/api/imports/..%5c..%5cx",
        "/api/imports/%00",
        "/api/skus/%00",
        "/api/%0d%0aSet-Cookie:%20x=1",
        "/api/skus/%0d%0aSet-Cookie:%20x=1",
        "/api/imports/%ff%fe",
        "/api/skus/1%20or%201=1",
        "/api/skus/1';--",
        "/api/resource_types/..%2fskus",
        "/api/..%2f/template.csv",
        "/api/%0d%0aX:y/template.csv",
        "//api/imports",
        "/api//imports",
        "/API/imports",
    ],
)
@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
def test_no_path_leads_where_it_should_not(caller: Caller, method: str, path: str) -> None:
    answer = caller.request(method, path)
    assert 400 <= answer.status < 500
    if path.startswith("/api"):
        assert_own_headers_only(answer.headers)
    assert b"root:" not in answer.content


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost@evil.example", "localhost.evil.example", "x y", "[::1", ""]
)
def test_links_are_to_no_host_that_a_client_names(caller: Caller, host: str) -> None:
    answer = caller.post(PATH, import_document(), Host=host)
    assert answer.status == 400
    assert b"evil" not in answer.content


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "Forwarded", "X-Forwarded-Port"],
)
def test_no_other_header_names_the_host_of_links(caller: Caller, header: str) -> None:
    value = "host=evil.example" if header == "Forwarded" else "evil.example"
    answer = caller.post(PATH, import_document(), **{header: value})
    assert answer.status == 201
    assert b"evil" not in answer.content
    assert "evil" not in answer.headers["Location"]


def test_without_https_a_header_can_not_claim_it(caller: Caller) -> None:
    answer = caller.post(PATH, import_document(), X_Forwarded_Proto="https")
    assert answer.headers["Location"].startswith("http://")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "'=", "\n="])
def test_no_cell_of_a_file_is_a_formula(caller: Caller, start: str) -> None:
    formula = f"{start}HYPERLINK(1)"
    row = {"code": "A", formula: formula, "name": formula, "weight": formula, "x": [formula]}
    import_ = run_import(importers.get("skus"), [row], skip_errors=True)
    answer = caller.get(f"{PATH}/{import_.pk}/failures", Accept="text/csv")

    cells = [cell for line in csv.reader(StringIO(answer.content.decode())) for cell in line]
    assert len(cells) > 5
    assert not [cell for cell in cells if cell[:1] in "=+-@\t\r\n" and cell]
    assert answer.headers["Content-Disposition"].startswith("attachment;")


def test_no_answer_is_taken_for_another_type(caller: Caller) -> None:
    for path in (PATH, "/api/skus", "/api/nothing", address("schema")):
        assert caller.get(path).headers["X-Content-Type-Options"] == "nosniff"
    assert Client().get("/oauth/token")["X-Content-Type-Options"] == "nosniff"
