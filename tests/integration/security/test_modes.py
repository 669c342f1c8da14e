"""A client of one mode looks for anything of the other, by every path there is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from imports_app.commerce.models import Price, PriceList, Sku
from imports_app.importer import Importer
from imports_app.models import Import, Mode
from imports_app.registry import importers
from tests.factories import factory_for, new_row
from tests.factories.commerce import PriceListFactory, SkuFactory
from tests.integration.api.caller import Answer, Caller, import_document
from tests.running import created, run_import, run_to_end

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/api/imports"
MARK = "VICTIM"
NOBODY = UUID("019b2a1c-5d3e-7a40-8f10-000000000000")


@dataclass(frozen=True)
class Victim:
    """What the live mode has: an import with a failed row, and the records of it."""

    import_: Import
    sku: Sku
    price_list: PriceList
    price: Price

    @property
    def ids(self) -> list[str]:
        return [str(one.pk) for one in (self.sku, self.price_list, self.price)]


@pytest.fixture
def victim() -> Victim:
    price_list = PriceListFactory.create(mode=Mode.LIVE, name=f"{MARK} list")
    sku = SkuFactory.create(mode=Mode.LIVE, code=f"{MARK}-SKU", reference=f"{MARK}-REFERENCE")
    rows = [
        {"sku_code": sku.code, "amount_cents": 1, "reference": MARK},
        {"sku_code": sku.code, "amount_cents": MARK},
    ]
    import_ = run_import(
        importers.get("prices"),
        rows,
        mode=Mode.LIVE,
        parent_resource_id=str(price_list.pk),
        reference=MARK,
        metadata={MARK: MARK},
        skip_errors=True,
    )
    assert (import_.created_count, import_.errors_count) == (1, 1)
    return Victim(import_, sku, price_list, Price.objects.get())


def assert_nothing_found(answer: Answer) -> None:
    assert answer.data == []
    assert answer.document["meta"] == {"record_count": 0, "page_count": 0}


def imported(caller: Caller, resource_type: str, row: dict[str, Any], **attributes: Any) -> Import:
    body = import_document(resource_type=resource_type, inputs=[row], **attributes)
    return run_to_end(Import.objects.get(pk=caller.post(PATH, body).data["id"]))


def messages(caller: Caller, import_: Import) -> Iterator[str]:
    """What the client is told of the rows that failed."""
    for failure in caller.get(f"{PATH}/{import_.pk}/failures").data:
        for error in failure["attributes"]["errors"]:
            yield f"{error['attribute']} {error['message']}"


@pytest.mark.once
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("HEAD", "", None),
        ("PATCH", "", {"attributes": {"_interrupt": True}}),
        ("PATCH", "", {"attributes": {"reference": "mine"}}),
        ("DELETE", "", None),
        ("GET", "/failures", None),
        ("POST", "/retry", {}),
        ("POST", "/retry", None),
    ],
)
def test_an_import_of_the_other_mode_is_as_one_that_never_was(
    caller: Caller, victim: Victim, method: str, path: str, body: dict[str, Any] | None
) -> None:
    answers = []
    for pk in (victim.import_.pk, "0190b5a2-7c1e-7f00-8d3b-5e6f7a8b9c0d"):
        data = b"" if body is None else {"data": {"type": "imports", "id": str(pk), **body}}
        answer = caller.request(method, f"{PATH}/{pk}{path}", data)
        answers.append((answer.status, answer.content))

    assert answers[0] == answers[1]
    assert answers[0][0] == 404
    victim.import_.refresh_from_db()
    assert victim.import_.reference == MARK
    assert Import.objects.count() == 1


@pytest.mark.once
@pytest.mark.parametrize(
    "query",
    [
        "",
        f"?filter[q][reference_eq]={MARK}",
        f"?filter[q][reference_or_resource_type_cont]={MARK}",
        f"?filter[q][metadata_jcont]={{%22{MARK}%22:%22{MARK}%22}}",
        "?filter[q][status_not_eq]=nothing",
        "?filter[q][reference_not_null]=true",
        "?filter[q][reference_eq_or_null]=x",
        "?page[number]=1&page[size]=25&sort=created_at",
        "?page[number]=2",
    ],
)
def test_no_list_of_imports_shows_or_counts_one(caller: Caller, victim: Victim, query: str) -> None:
    assert_nothing_found(caller.get(PATH + query))


@pytest.mark.once
@pytest.mark.parametrize("importer", importers, ids=lambda importer: importer.resource_type)
def test_no_list_of_records_shows_or_counts_one(caller: Caller, importer: Any) -> None:
    record = factory_for(importer.model).create(mode=Mode.LIVE)
    path = f"/api/{importer.resource_type}"

    for query in ("", f"?filter[q][id_eq]={record.pk}", f"?filter[q][id_in]={record.pk}"):
        assert_nothing_found(caller.get(path + query))
    for query in (
        "?filter[q][reference_not_null]=true",
        f"?filter[q][reference_eq]={record.reference}",
    ):
        assert_nothing_found(caller.get(path + query))
    assert caller.get(f"{path}/{record.pk}").status == 404
    assert caller.get(f"{path}/{record.pk}?fields[{importer.resource_type}]=").status == 404


def test_filters_and_sorts_through_relations_reach_no_further(
    caller: Caller, victim: Victim
) -> None:
    for query in (
        f"filter[q][sku_code_eq]={victim.sku.code}",
        f"filter[q][sku_code_start]={MARK}",
        f"filter[q][sku_reference_eq]={victim.sku.reference}",
        f"filter[q][sku_id_eq]={victim.sku.pk}",
        f"filter[q][price_list_name_cont]={MARK}",
        f"filter[q][price_list_id_not_eq]={NOBODY}",
        "sort=sku_code",
        "sort=-price_list_name",
    ):
        assert_nothing_found(caller.get(f"/api/prices?{query}"))


@pytest.mark.once
def test_a_parent_of_the_other_mode_does_not_exist(caller: Caller, victim: Victim) -> None:
    answers = []
    for parent in (victim.ids[1], str(NOBODY)):
        row = {"sku_code": "A", "amount_cents": 1}
        body = import_document(resource_type="prices", inputs=[row], parent_resource_id=parent)
        answer = caller.post(PATH, body)
        assert answer.error["source"]["pointer"] == "/data/attributes/parent_resource_id"
        answers.append(answer.content.replace(b'"%b"' % parent.encode(), b"*"))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("name", ["sku_id", "sku_reference", "sku_code"])
def test_a_relation_of_a_row_reaches_no_record_of_the_other_mode(
    caller: Caller, victim: Victim, name: str
) -> None:
    forms = {
        "sku_id": (str(victim.sku.pk), str(NOBODY)),
        "sku_reference": (victim.sku.reference, "nobody"),
        "sku_code": (victim.sku.code, "nobody"),
    }
    mine = PriceListFactory.create()
    told = []
    for value in forms[name]:
        row = {name: value, "price_list_id": str(mine.pk), "amount_cents": 1}
        import_ = imported(caller, "prices", row)
        assert import_.errors_count == 1
        told.append([text.replace(str(value), "*") for text in messages(caller, import_)])
    assert told[0] == told[1]
    assert Price.objects.filter(mode=Mode.TEST).count() == 0


def test_a_row_finds_no_record_of_the_other_mode(caller: Caller, victim: Victim) -> None:
    by_id = imported(caller, "skus", {"id": str(victim.sku.pk), "name": "mine"})
    by_key = imported(caller, "skus", {"code": victim.sku.code, "name": "mine"})

    assert list(messages(caller, by_id)) == ["id must exist"]
    assert (by_key.created_count, by_key.updated_count) == (1, 0)
    assert Sku.objects.get(pk=victim.sku.pk).name == victim.sku.name


def test_cleanup_destroys_nothing_of_the_other_mode(caller: Caller, victim: Victim) -> None:
    row = {"name": "mine", "code": "MINE", "currency_code": "EUR"}
    imported(caller, "price_lists", row, cleanup_records=True)
    imported(caller, "skus", {"code": "MINE", "name": "mine"}, cleanup_records=True)

    assert {PriceList.objects.filter(pk=victim.price_list.pk).count(), Sku.objects.count()} == {
        1,
        2,
    }


def test_an_idempotency_key_of_the_other_mode_says_nothing(caller: Caller, live: Caller) -> None:
    first = live.post(PATH, import_document(), Idempotency_Key="k")
    for body in (import_document(), import_document(reference="another")):
        answer = caller.post(PATH, body, Idempotency_Key=f"k{len(str(body))}")
        assert answer.status == 201
    same = caller.post(PATH, import_document(), Idempotency_Key="k")
    assert same.status == 201
    assert "Idempotency-Replayed" not in same.headers
    assert same.data["id"] != first.data["id"]


@pytest.mark.parametrize("importer", importers, ids=lambda importer: importer.resource_type)
def test_ids_of_records_do_not_count_those_of_the_other_mode(
    caller: Caller, importer: Importer
) -> None:
    """What the other mode made between two records can't be read off their ids."""
    modes = (Mode.TEST, Mode.LIVE, Mode.LIVE, Mode.TEST)
    rows = [(mode, new_row(importer, mode=mode)) for mode in modes]
    first, _, _, last = (created(importer, row, mode=mode).pk for mode, row in rows)

    told = {one["id"] for one in caller.get(f"/api/{importer.resource_type}").data}
    assert {str(first), str(last)} <= told
    assert int(last) - int(first) != len(modes) - 1
    assert not [one for one in told if one.isdecimal()]


@pytest.mark.once
def test_nothing_that_a_client_is_given_is_named_by_a_number(caller: Caller) -> None:
    """Of a sequence for both modes a number would tell how much goes on in the other."""
    sku = SkuFactory.create(code="A")
    import_ = imported(caller, "skus", {"code": "B", "name": 1}, skip_errors=True)

    paths = ("imports", f"imports/{import_.pk}", f"imports/{import_.pk}/failures", "application")
    for path in (*paths, "skus", f"skus/{sku.pk}", "resource_types"):
        given = re.findall(r'"id": ?("[^"]*"|[^,}]*)', caller.get(f"/api/{path}").content.decode())
        assert given
        assert not [one for one in given if one.strip('"').isdecimal()]


def test_places_in_the_queue_are_those_of_the_mode(caller: Caller, live: Caller) -> None:
    for _ in range(3):
        live.post(PATH, import_document())
    mine = caller.post(PATH, import_document()).data["id"]
    assert caller.get(f"{PATH}/{mine}").data["meta"]["queue_position"] == 1


def test_a_client_is_as_busy_as_its_own_imports(
    caller: Caller, live: Caller, settings: Any
) -> None:
    settings.IMPORTS_MAX_ACTIVE = 1
    assert live.post(PATH, import_document()).status == 201
    assert caller.post(PATH, import_document()).status == 201


@pytest.mark.once
def test_a_signature_of_an_own_attachment_opens_none_of_the_other_mode(
    caller: Caller, victim: Victim
) -> None:
    url = caller.post(PATH, import_document()).data["attributes"]["attachment_url"]
    signature = url.partition("?")[2]
    answer: Any = Client().get(f"{PATH}/{victim.import_.pk}/attachment?{signature}")
    assert answer.status_code == 403
    assert MARK.encode() not in answer.getvalue()
