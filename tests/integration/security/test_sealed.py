"""What is secret is nowhere in the database in plain text, and reaches its record all the same."""

import gzip
import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.conf import settings as current
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from imports_app.commerce.models import Customer, Sku
from imports_app.models import CsvPiece, Import
from imports_app.storage.pruning import prune
from tests.integration.api.caller import Caller, import_document
from tests.integration.security.conftest import SECRET_ATTRIBUTE
from tests.running import row_errors, run_to_end

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("secret_skus"),
]

PATH = "/api/imports"
SECRET = "hunter2-0f6c1e"
TABLES_OF_RECORDS = {Sku._meta.db_table}


def posted(caller: Caller, **attributes: Any) -> Import:
    answer = caller.post(PATH, import_document(**attributes))
    assert answer.status == 201, answer.content
    return Import.objects.get(pk=answer.data["id"])


def tables_with(secret: str) -> set[str]:
    """The tables that have it anywhere, in plain text or packed, but for those of records."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            cells = [cell for row in cursor.fetchall() for cell in row]
            if any(secret.encode() in _bytes(cell) for cell in cells):
                found.add(table)
    packed = b"".join(map(bytes, CsvPiece.objects.values_list("content", flat=True)))
    if packed and secret.encode() in gzip.decompress(packed):
        found.add(CsvPiece._meta.db_table)
    return found - TABLES_OF_RECORDS


def _bytes(cell: Any) -> bytes:
    if isinstance(cell, memoryview | bytes):
        return bytes(cell)
    return (json.dumps(cell, default=str) if isinstance(cell, dict | list) else str(cell)).encode()


def sealed(import_: Import) -> list[int]:
    """The indexes of the rows of which something is kept sealed."""
    return list(import_.sealed_rows.order_by("index").values_list("index", flat=True))


@pytest.mark.parametrize(
    "attributes",
    [
        {"inputs": [{"code": "A", "name": "a", SECRET_ATTRIBUTE: SECRET}]},
        {"inputs": [{"code": "A", "name": "a", SECRET_ATTRIBUTE: [SECRET]}]},
        {"inputs": [{"code": "A", "name": "a", "Descripton": SECRET}]},
        {"inputs": [{"attributes": {"code": "A", SECRET_ATTRIBUTE: SECRET}}]},
        {"inputs": f"code,name,description\nA,a,{SECRET}\n", "format": "csv"},
        {"inputs": f"code;name;description\nA;a;{SECRET}\n", "format": "csv"},
    ],
    ids=["json", "another kind", "another name", "inside", "csv", "another separator"],
)
def test_a_secret_is_nowhere_in_plain_text(caller: Caller, attributes: dict[str, Any]) -> None:
    import_ = posted(caller, skip_errors=True, **attributes)
    assert tables_with(SECRET) == set()

    run_to_end(import_)
    assert tables_with(SECRET) == set()

    caller.post(f"{PATH}/{import_.pk}/retry", b"")
    assert tables_with(SECRET) == set()


@pytest.mark.parametrize(
    "attributes",
    [
        {"inputs": [{"code": code, "name": "n", SECRET_ATTRIBUTE: f"s{code}"} for code in "AB"]},
        {"inputs": "code,name,description\nA,n,sA\nB,n,sB\n", "format": "csv"},
    ],
    ids=["json", "csv"],
)
def test_a_secret_reaches_its_record_and_is_gone(
    caller: Caller, attributes: dict[str, Any]
) -> None:
    import_ = posted(caller, **attributes)
    assert sealed(import_) == [0, 1]

    run_to_end(import_)

    assert dict(Sku.objects.values_list("code", SECRET_ATTRIBUTE)) == {"A": "sA", "B": "sB"}
    assert sealed(import_) == []


def test_the_secrets_of_failed_rows_wait_for_the_retry(caller: Caller) -> None:
    rows = [
        {"code": "A", "name": "a", SECRET_ATTRIBUTE: "sA"},
        {"code": "B", "shipping_category_name": "Heavy", "name": "b", SECRET_ATTRIBUTE: "sB"},
        {"code": "C", "name": "c"},
    ]
    import_ = run_to_end(posted(caller, inputs=rows, skip_errors=True))
    assert list(row_errors(import_)) == [1]
    assert sealed(import_) == [1]

    category = import_document(resource_type="shipping_categories", inputs=[{"name": "Heavy"}])
    run_to_end(Import.objects.get(pk=caller.post(PATH, category).data["id"]))
    retry = Import.objects.get(pk=caller.post(f"{PATH}/{import_.pk}/retry", b"").data["id"])
    run_to_end(retry)

    assert row_errors(retry) == {}
    assert Sku.objects.get(code="B").description == "sB"
    assert sealed(retry) == []


def test_a_dry_run_keeps_it_for_the_import_that_follows(caller: Caller) -> None:
    row = {"code": "A", "name": "a", SECRET_ATTRIBUTE: SECRET}

    import_ = run_to_end(posted(caller, inputs=[row], dry_run=True))

    assert sealed(import_) == [0]
    assert tables_with(SECRET) == set()


def test_secrets_go_with_the_inputs(caller: Caller) -> None:
    row = {"code": "A", "name": 1, SECRET_ATTRIBUTE: SECRET}
    pruned, deleted = (run_to_end(posted(caller, inputs=[row], skip_errors=True)) for _ in range(2))
    assert (sealed(pruned), sealed(deleted)) == ([0], [0])

    caller.delete(f"{PATH}/{deleted.pk}")
    list(prune(before=timezone.now() + timedelta(seconds=1)))

    assert (sealed(pruned), sealed(deleted)) == ([], [])


def test_a_new_secret_key_opens_secrets_if_the_old_one_is_a_fallback(caller: Caller) -> None:
    row = {"code": "A", "name": "a", SECRET_ATTRIBUTE: SECRET}
    import_ = posted(caller, inputs=[row])

    with override_settings(SECRET_KEY="a new one", SECRET_KEY_FALLBACKS=[current.SECRET_KEY]):
        run_to_end(import_)

    assert Sku.objects.get().description == SECRET


def test_an_import_whose_key_is_lost_says_so(caller: Caller) -> None:
    row = {"code": "A", "name": "a", SECRET_ATTRIBUTE: SECRET}
    import_ = posted(caller, inputs=[row])

    with override_settings(SECRET_KEY="a new one"):
        run_to_end(import_)
        retry = caller.post(f"{PATH}/{import_.pk}/retry", b"")

    assert (import_.status, import_.processed_count) == ("interrupted", 0)
    assert "sealed with another secret key" in import_.interruption
    assert not Sku.objects.exists()
    assert (retry.status, retry.error["code"]) == (422, "VALIDATION_ERROR")


def test_the_fingerprint_of_a_body_can_not_be_guessed(caller: Caller) -> None:
    body = json.dumps(
        import_document(inputs=[{"code": "A", "name": "a", SECRET_ATTRIBUTE: SECRET}])
    ).encode()

    import_id = caller.post(PATH, body, Idempotency_Key="k").data["id"]
    import_ = Import.objects.get(pk=import_id)
    again = caller.post(PATH, body, Idempotency_Key="k")

    assert import_.fingerprint not in (None, "", sha256(body).hexdigest())
    assert again.headers["Idempotency-Replayed"] == "true"
    with override_settings(SECRET_KEY="a new one", SECRET_KEY_FALLBACKS=[current.SECRET_KEY]):
        later = caller.post(PATH, body, Idempotency_Key="k")
    assert later.data["id"] == import_id


@pytest.mark.parametrize("name", ["password", "Password", "e-mail;password", "pasword"])
def test_a_customers_password_is_kept_nowhere_but_as_a_hash(caller: Caller, name: str) -> None:
    rows = [
        {"email": "a@example.com", name: SECRET},
        {"email": "no address", name: SECRET},
    ]
    import_ = run_to_end(posted(caller, resource_type="customers", inputs=rows, skip_errors=True))

    assert import_.errors_count >= 1
    assert tables_with(SECRET) == set()
    for path in ("", "/failures"):
        assert SECRET.encode() not in caller.get(f"{PATH}/{import_.pk}{path}").content
    assert Customer.objects.filter(password=SECRET).count() == 0
