"""Requests that are small to send, and would be much work to answer."""

import gzip
import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from imports_app.models.lookups import contains
from tests.integration.api.caller import Caller, import_document

pytestmark = pytest.mark.django_db

PATH = "/api/imports"
PIECE = 64 * 1024  # bytes that are unpacked at a time


class Counted(int):
    """A number that counts how often it is held against another."""

    comparisons = 0

    def __eq__(self, other: object) -> bool:
        Counted.comparisons += 1
        return int(self) == other

    __hash__ = int.__hash__


def refusal(caller: Caller, query: str) -> str:
    error = caller.get(f"{PATH}?{query}").error
    assert error["status"] == "400"
    detail: str = error["detail"]
    return detail


def test_a_long_array_is_not_gone_through_for_every_value() -> None:
    document = [Counted(number) for number in range(2_000)]
    wanted = [Counted(number) for number in range(1_999, 0, -1)]

    assert contains(document, wanted)
    assert Counted.comparisons < 10 * len(document)


@pytest.mark.once
@pytest.mark.parametrize(
    "value",
    [
        [*range(101)],
        {"a": [{"b": number} for number in range(50)]},
        {str(number): number for number in range(101)},
    ],
)
def test_a_filter_by_json_is_short(caller: Caller, value: Any) -> None:
    assert "too many" in refusal(caller, f"filter[q][metadata_jcont]={json.dumps(value)}")


@pytest.mark.parametrize("matcher", ["cont", "not_cont", "end", "matches", "cont_any"])
def test_a_pattern_that_may_be_anywhere_is_short(caller: Caller, matcher: str) -> None:
    name = f"filter[q][reference_{matcher}]"
    assert caller.get(f"{PATH}?{name}={'a' * 255}").status == 200
    assert "too long" in refusal(caller, f"{name}={'a' * 256}")


@pytest.mark.once
@pytest.mark.parametrize(
    "query",
    [
        f"filter[q][reference_in]={','.join('a' * 501)}",
        f"filter[q][reference_eq_any]={','.join('a' * 501)}",
        f"filter[q][{'_or_'.join(['status'] * 90)}_in]=a,b,c,d,e,f",
        "&".join(["filter[q][status_eq]=a"] * 501),
        f"filter[q][{'status_or_' * 100}status_eq]=a",
        f"filter[q][{'id_or_' * 500}]=a",
        f"filter[q][created_at_in]={','.join(['2024-01-01'] * 501)}",
    ],
)
def test_the_number_of_comparisons_of_filters_is_limited(caller: Caller, query: str) -> None:
    refusal(caller, query)


@pytest.mark.once
def test_more_parameters_than_anybody_needs_are_refused(caller: Caller) -> None:
    assert caller.get(f"{PATH}?{'&'.join(f'x{n}=1' for n in range(1_001))}").status == 400


def test_sorting_by_one_thing_a_thousand_times_is_sorting_once(caller: Caller) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert caller.get(f"{PATH}?sort={','.join(['status', '-status'] * 500)}").status == 200
    assert all(query["sql"].count('"status"') < 10 for query in queries)


@pytest.mark.parametrize(
    "text",
    [
        "\\" * 5_000 + "u0000",
        '"' * 9_999,
        "[" * 9_999,
        '{"a":' * 1_500,
        "1" * 9_999,
        "1e" + "9" * 9_000,
    ],
)
def test_no_value_of_a_filter_keeps_its_parser_busy(caller: Caller, text: str) -> None:
    for name in ("metadata_jcont", "inputs_size_eq", "created_at_eq", "reference_eq"):
        with CaptureQueriesContext(connection) as queries:
            answer = caller.get(f"{PATH}?filter[q][{name}]={text}")
        assert answer.status in (200, 400)
        assert len(queries) <= 2


@pytest.mark.once
@pytest.mark.parametrize(
    "csv",
    [
        'code\n"' + '""' * 20_000,
        "code\n" + '"a",' * 20_000 + '"',
        'code\n"a"b' + '"' * 20_001,
        "code\n" + "," * 50_000,
        "code" + "," * 999 + "\n",
    ],
)
def test_no_text_keeps_the_reader_of_csv_busy(caller: Caller, settings: Settings, csv: str) -> None:
    settings.IMPORTS_MAX_ROWS = 1_000
    answer = caller.post(PATH, import_document(format="csv", inputs=csv))
    assert answer.status in (201, 422)


@pytest.mark.once
def test_a_packed_body_does_not_grow_past_the_limit(caller: Caller, settings: Settings) -> None:
    settings.IMPORTS_MAX_REQUEST_BYTES = 4 * PIECE
    bomb = gzip.compress(b" " * 64 * PIECE)
    assert len(bomb) < PIECE
    assert caller.post(PATH, bomb, Content_Encoding="gzip").status == 413
    nested = gzip.compress(bomb)
    assert caller.post(PATH, nested, Content_Encoding="gzip").status == 400
    assert caller.post(PATH, nested, Content_Encoding="gzip, gzip").status == 415
